/** The design tokens as colours a canvas library can mix: OKLCH and light-dark() become rgb. */

const pixel = /** @type {CanvasRenderingContext2D} */ (
  Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true })
);

/**
 * @param {Element} element An element of the page, whose colour scheme counts.
 * @param {string} token Such as "--accent".
 */
export function color(element, token) {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  element.append(probe);
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
}
