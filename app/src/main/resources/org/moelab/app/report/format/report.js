(function () {
  "use strict";
  var root = document.documentElement;

  function stored(value) {
    try {
      if (value === undefined) { return localStorage.getItem("moelab-report-theme"); }
      localStorage.setItem("moelab-report-theme", value);
    } catch (e) { /* a file that may not store anything follows the system */ }
    return null;
  }

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  var known = stored();
  if (known === "dark" || known === "light") { root.dataset.theme = known; }
  var toggle = document.querySelector(".theme");
  function label() { toggle.textContent = isDark() ? "Light theme" : "Dark theme"; }
  toggle.hidden = false;
  toggle.addEventListener("click", function () {
    root.dataset.theme = isDark() ? "light" : "dark";
    stored(root.dataset.theme);
    label();
  });
  label();

  function value(row, column) {
    var cell = row.cells[column];
    var figure = cell.getAttribute("data-v");
    return figure === null ? cell.textContent : Number(figure);
  }

  function compare(a, b) {
    var figures = (typeof a === "number") + (typeof b === "number");
    if (figures === 2) { return a - b; }
    if (figures === 1) { return typeof a === "number" ? -1 : 1; }
    return a.localeCompare(b, "en", { numeric: true });
  }

  function sort(table, head) {
    var falling = head.getAttribute("aria-sort") === "descending";
    var order = falling ? 1 : -1;
    var rows = Array.from(table.tBodies[0].rows);
    rows.sort(function (x, y) {
      var a = value(x, head.cellIndex);
      var b = value(y, head.cellIndex);
      // what has no figure stays below in both orders
      return typeof a === typeof b ? order * compare(a, b) : compare(a, b);
    });
    rows.forEach(function (row) { table.tBodies[0].appendChild(row); });
    table.querySelectorAll("thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", falling ? "ascending" : "descending");
  }

  function move(from, to) {
    while (from.firstChild) { to.appendChild(from.firstChild); }
  }

  var buttons = [];
  function offer() {
    buttons.forEach(function (button) {
      move(button.head, button.node);
      button.head.appendChild(button.node);
    });
  }
  document.querySelectorAll("table[data-sortable]").forEach(function (table) {
    table.querySelectorAll("thead th").forEach(function (head) {
      var button = document.createElement("button");
      button.type = "button";
      button.title = "Sort by this column";
      button.addEventListener("click", function () { sort(table, head); });
      buttons.push({ head: head, node: button });
    });
  });
  offer();

  // a link into what is folded opens it
  function reveal() {
    var target = location.hash.length === 0 ? null : document.getElementById(location.hash.slice(1));
    for (var at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") { at.open = true; }
    }
  }
  addEventListener("hashchange", reveal);
  reveal();
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (fold) { fold.open = true; });
    // a head that stands again on the next page shows text and no buttons
    buttons.forEach(function (button) {
      button.node.remove();
      move(button.node, button.head);
    });
  });
  addEventListener("afterprint", offer);

  if ("IntersectionObserver" in window) {
    var links = {};
    document.querySelectorAll(".contents a").forEach(function (link) { links[link.hash.slice(1)] = link; });
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) {
          Object.values(links).forEach(function (link) { link.classList.remove("here"); });
          links[entry.target.id].classList.add("here");
        }
      });
    }, { rootMargin: "0px 0px -80% 0px" });
    document.querySelectorAll("main section").forEach(function (section) { observer.observe(section); });
  }
})();
