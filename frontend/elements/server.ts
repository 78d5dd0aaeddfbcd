import htmx from "htmx.org";
import { word } from "./words.ts";

export interface Answer {
  ok: boolean;
  status: number;
  text: string;
  events: Record<string, unknown>;
  /** The answer is a question, and stands in the dialog now. */
  asks: boolean;
}

export interface Toast {
  text: string;
  kind?: string;
  undo?: string;
  undo_label?: string;
  /** What to do again, once the network is back. */
  retry?: () => void;
}

type Body = FormData | URLSearchParams | Record<string, string>;

export function say(toast: Toast): void {
  document.dispatchEvent(new CustomEvent("toast", { detail: toast }));
}

/** Ask the server outside htmx; the events its answer names are dispatched on the document, as htmx does. */
export async function send(url: string, body?: Body, method = body ? "POST" : "GET"): Promise<Answer> {
  const headers = { "HX-Request": "true", "X-CSRFToken": document.body.dataset.csrf ?? "" };
  const data = body instanceof FormData || body instanceof URLSearchParams ? body : new URLSearchParams(body);
  try {
    const response = await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      ...(method === "GET" ? {} : { body: data }),
    });
    const text = await response.text();
    const events = dispatch(response.headers.get("HX-Trigger"));
    const asks = response.headers.get("HX-Retarget") === "#dialog";
    if (asks) document.querySelector("piste-dialog")?.show(text);
    if (response.status >= 400 && response.status !== 422 && !events.toast)
      say({ text: word("failed"), kind: "error" });
    return { ok: response.ok, status: response.status, text, events, asks };
  } catch {
    say({ text: word("offline"), kind: "error", retry: () => void send(url, body, method) });
    return { ok: false, status: 0, text: "", events: {}, asks: false };
  }
}

function dispatch(header: string | null): Record<string, unknown> {
  if (!header) return {};
  const events: Record<string, unknown> = header.startsWith("{") ? JSON.parse(header) : { [header]: true };
  for (const [name, value] of Object.entries(events)) {
    const detail = typeof value === "object" ? value : { value };
    document.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
  return events;
}

/** Open an address in the main part of the page, as a boosted link does. */
export function visit(url: string): void {
  if (!document.getElementById("main")) location.assign(url);
  else void htmx.ajax("GET", url, { target: "#main", swap: "innerHTML", push: "true" } as never);
}

/** Show an address of the page one is on: what stays the same is left in place, the focus with it. */
export function morph(url: string, { replace = false } = {}): Promise<void> {
  const how = replace ? { replace: "true" } : { push: "true" };
  return htmx.ajax("GET", url, { target: "#main", swap: "innerMorph", ...how } as never) as never;
}

/** Put what an address answers into the dialog, which opens by itself. */
export function ask(url: string): void {
  void htmx.ajax("GET", url, { target: "#dialog", swap: "innerHTML" });
}
