/** data-key="g p" on a link, button or field: the keys click it, or focus it when it is typed into. */
import { keyName, sequences } from "./key-sequence.js";

const WRITES = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";
const typed = sequences();

document.addEventListener("keydown", (event) => {
  const name = keyName(event);
  const isWriting = event.target instanceof Element && event.target.matches(WRITES);
  if (!name || event.defaultPrevented || (isWriting && !name.startsWith("mod+"))) return;
  if (document.querySelector("dialog[open]")) return;
  const elements = [...document.querySelectorAll("[data-key]")];
  const keys = elements.map((element) => element.getAttribute("data-key") ?? "");
  const complete = typed.press(name, keys, event.timeStamp);
  const element = elements[keys.indexOf(complete ?? "")];
  if (!(element instanceof HTMLElement)) return;
  event.preventDefault();
  if (element.matches(WRITES)) element.focus();
  else element.click();
});
