# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Token files that end with the container in which a controller such as AWX runs a job."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

# Set for the jobs of AWX and of automation controller, which run in a container that is thrown away (seen with AWX 24.6.1).
JOB_VARIABLES = ("AWX_PRIVATE_DATA_DIR", "JOB_ID")
# Where ansible-runner puts what belongs to the job.
RUNNER_FOLDER = "/runner"


def vanishing_files(paths: Iterable[str], environment: Mapping[str, str], root: str = "/") -> Iterator[str]:
    """A warning for each path that is not on a volume of the container. ``environment``: the variables of the process."""
    if not all(environment.get(name) for name in JOB_VARIABLES):
        return
    of_the_job = (RUNNER_FOLDER, environment["AWX_PRIVATE_DATA_DIR"])
    for path in paths:
        folder = os.path.dirname(os.path.abspath(os.path.expanduser(path)))
        if _ends_with_the_job(folder, of_the_job, root):
            yield (
                f"token_file: {path} ends with the container that this job runs in, and the next job will find the token lost. "
                "Give a path on a volume that is mounted into the container, or hand the token on to a store."
            )


def _ends_with_the_job(folder: str, of_the_job: Iterable[str], root: str) -> bool:
    """What is not mounted is on the same file system as the container's root."""
    if any(os.path.commonpath((folder, job)) == job for job in of_the_job if os.path.isabs(job)):
        return True
    with suppress(OSError):
        return os.stat(folder).st_dev == os.stat(root).st_dev
    return False
