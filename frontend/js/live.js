/**
 * A colleague's change slides in. [data-events-url] names the stream; each "changed" event lists topics
 * parted by spaces; every element with data-live="<topic>" and hx-trigger="live" then fetches itself.
 * While a card is held, nothing moves under the hand.
 */
import htmx from "htmx.org";
import { mount } from "./mount.js";

/** @type {Set<string>} */
const waiting = new Set();

function refresh() {
  if (document.documentElement.classList.contains("is-holding")) return;
  for (const element of document.querySelectorAll("[data-live]")) {
    const topics = (element.getAttribute("data-live") ?? "").split(" ");
    if (topics.some((topic) => waiting.has(topic))) htmx.trigger(element, "live", {}, false);
  }
  waiting.clear();
}

mount("[data-events-url]", (element) => {
  const source = new EventSource(element.dataset.eventsUrl ?? "");
  source.addEventListener("changed", (event) => {
    for (const topic of event.data.split(" ")) waiting.add(topic);
    refresh();
  });
  window.addEventListener("pagehide", () => source.close(), { once: true });
});

document.addEventListener("board:released", refresh);
