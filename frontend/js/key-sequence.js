/**
 * The name of a pressed key, the same on a Latin and on a Russian layout.
 *
 * @param {{ key: string, code: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean }} event
 * @returns {string} "g", "/", "?", "Escape", "mod+k", or "" for a bare modifier.
 */
export function keyName({ key, code, ctrlKey, metaKey, altKey }) {
  if (altKey || ["Shift", "Control", "Meta", "Alt"].includes(key)) return "";
  let name = key.length === 1 ? key.toLowerCase() : key;
  if (!/^[\x20-\x7e]+$/.test(name) && /^Key[A-Z]$/.test(code)) name = code.slice(3).toLowerCase();
  if (code === "Slash" && name === ".") name = "/";
  return ctrlKey || metaKey ? `mod+${name}` : name;
}

/**
 * Follow key presses and say which sequence has been completed.
 *
 * @param {number} [patience] Milliseconds after which a started sequence is forgotten.
 */
export function sequences(patience = 1200) {
  let typed = "";
  let last = 0;
  return {
    /**
     * @param {string} name
     * @param {Iterable<string>} known Sequences such as "g p" or "/".
     * @param {number} at Milliseconds.
     * @returns {string | null} The completed sequence.
     */
    press(name, known, at) {
      const all = [...known];
      const longer = typed && at - last < patience ? `${typed} ${name}` : name;
      last = at;
      for (const candidate of [longer, name]) {
        if (all.includes(candidate)) {
          typed = "";
          return candidate;
        }
        if (all.some((one) => one.startsWith(`${candidate} `))) {
          typed = candidate;
          return null;
        }
      }
      typed = "";
      return null;
    },
  };
}
