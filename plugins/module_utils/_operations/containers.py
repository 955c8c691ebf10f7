# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are lost with the container in which a controller such as AWX runs a job."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

# Set for the jobs of AWX and of automation controller, which run in a container that is thrown away (seen with AWX 24.6.1).
JOB_VARIABLES = ("AWX_PRIVATE_DATA_DIR", "JOB_ID")
# Where ansible-runner puts what belongs to the job.
RUNNER_FOLDER = "/runner"


def warn_of_lost_files(paths: Iterable[str], environment: Mapping[str, str], root: str = "/") -> Iterator[str]:
    """A warning for each path of a token file that is lost with the job. ``environment``: the variables of the process."""
    for path in paths:
        if is_lost_with_job(path, environment, root):
            yield (
                f"token_file: {path} ends with the container that this job runs in, and the next job will find the token lost. "
                "Give a path on a volume that is mounted into the container, or hand the token on to a store."
            )


def is_job(environment: Mapping[str, str]) -> bool:
    """Whether a process with these variables belongs to a job in a container."""
    return all(environment.get(name) for name in JOB_VARIABLES)


def is_lost_with_job(path: str, environment: Mapping[str, str], root: str = "/") -> bool:
    """Whether a file is lost with the container of the job, if there is one."""
    if not is_job(environment):
        return False
    folder = os.path.dirname(os.path.abspath(os.path.expanduser(path)))
    return _is_in_container(folder, (RUNNER_FOLDER, environment["AWX_PRIVATE_DATA_DIR"]), root)


def _is_in_container(folder: str, job_folders: Iterable[str], root: str) -> bool:
    """Whether a folder is in the container itself: what is not mounted is on the same file system as its root."""
    if any(os.path.commonpath((folder, job)) == job for job in job_folders if os.path.isabs(job)):
        return True
    with suppress(OSError):
        return os.stat(folder).st_dev == os.stat(root).st_dev
    return False
