// Keys of the console; never while somebody types. Written for Shoal, Apache-2.0.
"use strict";
(() => {
  let at = "";
  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  const link = (row) => row.querySelector("a");
  const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
  const help = () => document.getElementById("keys");

  const move = (step) => {
    const all = rows();
    if (all.length === 0) return;
    // by address, not by number: the list refreshes itself
    const now = all.findIndex((row) => link(row).getAttribute("href") === at);
    const next = link(all[Math.max(0, Math.min(all.length - 1, now + step))]);
    at = next.getAttribute("href");
    next.focus();
  };

  const choose = () => {
    const row = rows().find((each) => link(each).getAttribute("href") === at);
    const box = row ? row.querySelector("[data-choose]") : null;
    if (box) box.click();
  };

  const go = (key) => {
    // a key brings the focus; Enter decides, so that no slip of a finger is a decision
    const wanted = document.querySelector(`[data-key="${key}"]`);
    if (!wanted) return false;
    wanted.focus();
    wanted.scrollIntoView({ block: "center" });
    return true;
  };

  // a menu closes when somebody goes elsewhere, and by Escape, which leaves the focus where it was opened
  const menus = () => Array.from(document.querySelectorAll("details.menu[open]"));
  document.addEventListener("click", (event) => menus().forEach((menu) => (menu.open = menu.contains(event.target))));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const dialog = help();
    if (dialog && dialog.open) return;
    if ((event.key === "j" || event.key === "k") && rows().length > 0) move(event.key === "j" ? 1 : -1);
    else if (event.key === "x") choose();
    else if (event.key === "q") location.assign("/");
    else if (event.key === "?" && dialog) dialog.showModal();
    else if (!/^[a-z]$/.test(event.key) || !go(event.key)) return;
    event.preventDefault();
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) at = link(row).getAttribute("href");
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener ? document.getElementById(opener.dataset.opens) : null;
    if (dialog) dialog.showModal();
  });

  // the list must not change under somebody who is choosing from it
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id === "queue" && document.querySelector("[data-choose]:checked")) event.preventDefault();
  });

  // parts of a page that may not be refreshed any more: the session is over
  document.addEventListener("htmx:responseError", (event) => {
    const ended = document.getElementById("ended");
    if (ended && event.detail.xhr.status === 403) ended.hidden = false;
  });

  // the focus stays on the row where it was when the list refreshes itself
  document.addEventListener("htmx:afterSwap", () => {
    if (at && document.activeElement === document.body) {
      const row = rows().find((each) => link(each).getAttribute("href") === at);
      if (row) link(row).focus({ preventScroll: true });
    }
  });
})();
