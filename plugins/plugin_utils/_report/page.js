// SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Filters and sorts the table, which is complete without this. Nothing is kept, sent, or written as HTML.
"use strict";

(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const data = JSON.parse(document.getElementById("data").textContent);
  const DAY = 24 * 60 * 60;
  const body = table.tBodies[0];
  const form = document.getElementById("filters");
  const heading = document.getElementById("keys");
  const told = document.getElementById("shown");
  const input = Object.fromEntries(
    ["text", "tenant", "kind", "finding", "days"].map((name) => [name, document.getElementById(`f-${name}`)])
  );
  const plain = (text) => text.normalize("NFC").toLowerCase();

  const rows = Array.from(body.rows, (element, index) => {
    const cells = Array.from(element.cells, (cell) => plain(cell.textContent));
    const [tenant, kind, groups, created, expiry, active] = data.rows[index];
    const severities = groups.map((group) => data.severities[group]);
    const worst = Math.max(0, ...severities);
    const text = cells.join("\n");
    return { element, index, cells, text, tenant, kind, groups, severities, worst, created, expiry, active: active === 1 };
  });

  // The week that was pressed in the time line, as [from, to), until the filters are cleared.
  let week = null;

  const within = (row, from, to) =>
    row.active && row.expiry !== null && row.expiry >= from && (to === null || row.expiry < to);

  function hasFinding(row, wanted) {
    if (wanted === "any") return row.groups.length > 0;
    if (wanted === "none") return row.groups.length === 0;
    const [what, number] = wanted.split(" ");
    return (what === "group" ? row.groups : row.severities).includes(Number(number));
  }

  function filter() {
    const words = plain(input.text.value).split(/\s+/).filter(Boolean);
    const tenant = input.tenant.value === "" ? null : Number(input.tenant.value);
    const kind = input.kind.value === "" ? null : Number(input.kind.value);
    const finding = input.finding.value;
    const days = data.now === null || input.days.value === "" ? null : Number(input.days.value);
    let shown = 0;
    for (const row of rows) {
      const fits =
        (tenant === null || row.tenant === tenant) &&
        (kind === null || row.kind === kind) &&
        (finding === "" || hasFinding(row, finding)) &&
        (days === null || within(row, data.now, data.now + days * DAY + 1)) &&
        (week === null || within(row, ...week)) &&
        words.every((word) => row.text.includes(word));
      if (row.element.hidden === fits) row.element.hidden = !fits;
      shown += fits;
    }
    const all = `${rows.length} API key${rows.length === 1 ? "" : "s"}`;
    const date = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);
    const range = week && `, only those that expire from ${date(week[0])}${week[1] ? ` to ${date(week[1] - DAY)}` : " on"}`;
    told.textContent = shown === rows.length ? `All ${all} are shown` : `${shown} of ${all} are shown${range || ""}`;
  }

  function clear() {
    for (const field of Object.values(input)) field.value = "";
    week = null;
  }

  // Shows what was pressed elsewhere on the page, and goes to the table.
  function go() {
    filter();
    heading.focus({ preventScroll: true });
    heading.scrollIntoView();
  }

  const byText = new Intl.Collator("en", { numeric: true });
  const text = (column) => (one, other) => byText.compare(one.cells[column], other.cells[column]);
  // What is not known comes last, whichever way the others are.
  const number = (name) => (one, other, way) =>
    one[name] === null || other[name] === null
      ? ((one[name] === null) - (other[name] === null)) * way
      : one[name] - other[name];
  const worstFirst = (one, other) => other.worst - one.worst || other.groups.length - one.groups.length;
  const orders = [text(0), text(1), text(2), text(3), number("created"), number("expiry"), text(6), text(7), worstFirst];
  const headers = Array.from(table.tHead.rows[0].cells);

  function sort(column) {
    const way = headers[column].getAttribute("aria-sort") === "ascending" ? -1 : 1;
    const compare = orders[column];
    headers.forEach((header, index) =>
      header.setAttribute("aria-sort", index !== column ? "none" : way === 1 ? "ascending" : "descending")
    );
    rows.sort((one, other) => compare(one, other, way) * way || one.index - other.index);
    const sorted = document.createDocumentFragment();
    for (const row of rows) sorted.append(row.element);
    body.append(sorted);
  }

  function button(parent, pressed) {
    const made = document.createElement("button");
    made.type = "button";
    made.append(...parent.childNodes);
    made.addEventListener("click", pressed);
    parent.append(made);
  }

  headers.forEach((header, column) => {
    if (!header.hasAttribute("aria-sort")) header.setAttribute("aria-sort", "none");
    button(header, () => sort(column));
  });
  for (const header of document.querySelectorAll("[data-week]")) {
    button(header, () => {
      clear();
      week = data.weeks[Number(header.dataset.week)];
      go();
    });
  }
  for (const pressed of document.querySelectorAll("[data-group]")) {
    pressed.hidden = false;
    pressed.addEventListener("click", () => {
      clear();
      input.finding.value = `group ${pressed.dataset.group}`;
      go();
    });
  }
  // A link to a row that a filter hides would lead nowhere.
  for (const link of document.querySelectorAll('a[href^="#k"]')) {
    link.addEventListener("click", () => {
      const row = document.getElementById(link.hash.slice(1));
      if (row && row.hidden) {
        clear();
        filter();
      }
    });
  }

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clear();
    filter();
  });
  input.days.disabled = data.now === null;
})();
