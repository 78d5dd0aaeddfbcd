import { send } from "./server.ts";

let openNext = false;

document.addEventListener("keydown", (event) => {
  const input = event.target instanceof Element ? event.target.closest("[data-quick-form] .input") : null;
  if (!input) return;
  if (event.key === "Enter") openNext = event.shiftKey;
  if (event.key === "Enter" && event.shiftKey) {
    event.preventDefault();
    input.closest("form")?.requestSubmit();
  }
  if (event.key === "Escape") input.closest("form")?.querySelector<HTMLElement>("[data-cancel]")?.click();
});

/** Add one from a line of text and be ready for the next. */
export async function onQuickSubmit(form: HTMLFormElement, otherwise: string): Promise<void> {
  const opens = openNext;
  openNext = false;
  const created = new Promise<string>((resolve) => {
    const onRows = (event: Event) =>
      resolve(String((event as CustomEvent<{ ids?: unknown[] }>).detail.ids?.[0] ?? ""));
    document.addEventListener("rows-changed", onRows, { once: true });
    setTimeout(() => {
      document.removeEventListener("rows-changed", onRows);
      resolve("");
    }, 10_000);
  });
  const answer = await send(`${form.action}${location.search}`, new FormData(form));
  const errors = form.querySelector<HTMLElement>("[data-errors]");
  if (errors) {
    errors.hidden = answer.ok;
    errors.textContent = answer.ok ? "" : reasons(answer.text) || otherwise;
  }
  if (!answer.ok) return;
  const input = form.querySelector<HTMLInputElement>(".input");
  if (input) input.value = "";
  input?.focus();
  if (!opens) return;
  const id = await created;
  const list = form.getAttribute("action")?.replace(/quick\/$/, "") ?? "";
  if (id) void document.querySelector("piste-panel")?.open(id, `${list}${id}/`);
}

function reasons(text: string): string {
  try {
    return (JSON.parse(text) as { errors: string[] }).errors.join(" ");
  } catch {
    return "";
  }
}
