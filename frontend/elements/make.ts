/** Make an element: its attributes, what it holds, and what a click on it does. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string> = {},
  ...held: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...held);
  return element;
}

export function button(attributes: Record<string, string>, act: () => void, ...held: (Node | string)[]) {
  const made = make("button", { type: "button", ...attributes }, ...held);
  made.addEventListener("click", act);
  return made;
}

export function kbd(key: string): HTMLElement {
  return make("kbd", { class: "kbd" }, key);
}
