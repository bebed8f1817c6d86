/**
 * A colleague's change slides in. [data-events-url] names the stream; each "changed" event lists topics
 * parted by spaces; every element with data-live="<topic>" and hx-trigger="live" then fetches itself.
 * The topic "all" is every topic. While a card is held, nothing moves under the hand.
 * Only a page that is seen listens: a browser keeps six connections to an address, and pages need them too.
 * A page without a stream has its bell alone: that asks again when the page is looked at again, and now and then.
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

/** Milliseconds after which a page without a stream asks again while it is looked at. */
const NOW_AND_THEN = 120_000;
let askedAt = Date.now();

/** @param {number} after */
function askAgain(after) {
  const streams = document.querySelector("[data-events-url]");
  if (document.hidden || streams || Date.now() - askedAt < after) return;
  askedAt = Date.now();
  change("all");
}

document.addEventListener("visibilitychange", () => askAgain(1000));
setInterval(() => askAgain(NOW_AND_THEN), NOW_AND_THEN / 4);
document.addEventListener("board:released", refresh);
