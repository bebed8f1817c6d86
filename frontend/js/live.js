/**
 * A colleague's change slides in. [data-events-url] names the stream; each "changed" event lists topics
 * parted by spaces; every element with data-live="<topic>" and hx-trigger="live" then fetches itself.
 * The topic "all" is every topic. While a card is held, nothing moves under the hand.
 * Only a page that is seen listens: a browser keeps six connections to an address, and pages need them too.
 */
import htmx from "htmx.org";
import { mount } from "./mount.js";

/** @type {Set<string>} */
const waiting = new Set();

function refresh() {
  if (document.documentElement.classList.contains("is-holding")) return;
  for (const element of document.querySelectorAll("[data-live]")) {
    const topics = (element.getAttribute("data-live") ?? "").split(" ");
    if (waiting.has("all") || topics.some((topic) => waiting.has(topic))) htmx.trigger(element, "live", {}, false);
  }
  waiting.clear();
}

/** Milliseconds until the next try after a refusal. */
const PAUSE = 30_000;

/** @param {string} topics */
function change(topics) {
  for (const topic of topics.split(" ")) waiting.add(topic);
  refresh();
}

mount("[data-events-url]", (element) => {
  /** @type {EventSource | undefined} */
  let source;
  let isFirst = true;

  function listen() {
    if (document.hidden || !element.isConnected) return;
    source?.close();
    source = new EventSource(element.dataset.eventsUrl ?? "");
    source.addEventListener("changed", (event) => change(event.data));
    source.addEventListener("open", missed);
    // A browser comes back by itself after a broken connection, but not after a refusal.
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) setTimeout(listen, PAUSE);
    });
  }

  function missed() {
    if (!isFirst) change("all");
    isFirst = false;
  }

  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? source?.close() : listen()));
  window.addEventListener("pagehide", () => source?.close(), { once: true });
});

document.addEventListener("board:released", refresh);
