/** On a phone the board is one column wide: the switch follows the scroll and leads it. */
import { mount } from "./mount.js";

mount(".stage-switch", (nav) => {
  const links = /** @type {HTMLAnchorElement[]} */ ([...nav.querySelectorAll("a[href^='#']")]);
  const columnOf = (/** @type {HTMLAnchorElement} */ link) => document.getElementById(link.hash.slice(1));

  const mark = (/** @type {HTMLAnchorElement} */ current) => {
    for (const link of links) {
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    nav.scrollTo({ left: current.offsetLeft - nav.clientWidth / 2 + current.clientWidth / 2 });
  };

  const watcher = new IntersectionObserver(
    (entries) => {
      const seen = entries.find((entry) => entry.isIntersecting);
      const link = links.find((one) => seen && columnOf(one) === seen.target);
      if (link) mark(link);
    },
    { rootMargin: "0px -50%" },
  );
  for (const link of links) {
    const column = columnOf(link);
    if (column && nav.offsetParent) watcher.observe(column);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      columnOf(link)?.scrollIntoView({ inline: "center", block: "nearest" });
      mark(link);
    });
  }
});
