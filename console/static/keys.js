// Keys of the console; never while somebody types. Written for Shoal, Apache-2.0.
"use strict";
(() => {
  let at = -1;
  const rows = () => Array.from(document.querySelectorAll("[data-row] a"));
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const links = rows();
    if ((event.key === "j" || event.key === "k") && links.length > 0) {
      at = Math.max(0, Math.min(links.length - 1, at + (event.key === "j" ? 1 : -1)));
      links[at].focus();
      return;
    }
    // a key brings the focus; Enter decides, so that no slip of a finger is a decision
    const wanted = /^[a-z]$/.test(event.key) ? document.querySelector(`[data-key="${event.key}"]`) : null;
    if (wanted) {
      event.preventDefault();
      wanted.focus();
      wanted.scrollIntoView({ block: "center" });
    }
  });
})();
