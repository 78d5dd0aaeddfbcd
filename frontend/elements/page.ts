/** What happens around every swap: busy line, errors, current entry of the navigation, focus. */
import { announce } from "./announce.ts";
import { say, visit } from "./server.ts";
import { word } from "./words.ts";

interface Context {
  text?: string;
  select?: string;
  target?: Element | string;
  swap?: string;
  hx?: { trigger?: string };
  request: { action: string; method: string };
  response?: { status: number; raw: Response };
  sourceElement: Element & { _htmx?: { boosted?: string } };
}

let waiting = 0;

function context(event: Event): Context {
  return (event as CustomEvent<{ ctx: Context }>).detail.ctx;
}

function wait(by: 1 | -1): void {
  waiting = Math.max(0, waiting + by);
  const now = waiting > 0;
  setTimeout(() => document.documentElement.toggleAttribute("data-busy", now && waiting > 0), now ? 100 : 0);
}

function onError(event: Event): void {
  const ctx = context(event);
  if (ctx.response?.status === 422 || ctx.hx?.trigger?.includes('"toast"')) return;
  // A link that leads nowhere shows the server's own page about it.
  if (ctx.sourceElement._htmx?.boosted && ctx.request.method === "GET") location.assign(ctx.request.action);
  else say({ text: word("failed"), kind: "error" });
}

/** The network failed: what was asked for can be asked again, as it was. */
function onFailure(event: Event): void {
  const { error, ctx } = (event as CustomEvent<{ error?: unknown; ctx?: Context }>).detail;
  if (!(error instanceof TypeError)) return;
  // An open dialog keeps what was typed and its own button, and lets nothing beside it be pressed.
  const offer = ctx && !ctx.sourceElement.closest("dialog");
  say({ text: word("offline"), kind: "error", ...(offer ? { retry: () => again(ctx) } : {}) });
}

function again({ request, sourceElement }: Context): void {
  const form = sourceElement.closest("form");
  if (form && request.method !== "GET") form.requestSubmit();
  else if (sourceElement._htmx?.boosted) visit(request.action);
  else (sourceElement as HTMLElement).click();
}

function onAnswer(event: Event): void {
  const ctx = context(event);
  const raw = ctx.response?.raw;
  if (!raw?.ok || !/^\s*<!doctype/i.test(ctx.text ?? "")) return;
  // A whole document where a part was asked for: the session is over, or the page is of another kind.
  if (!ctx.select || raw.redirected) {
    event.preventDefault();
    location.assign(raw.url);
  }
}

function onSwap(event: Event): void {
  const ctx = context(event);
  const main = document.getElementById("main");
  if (!main || (ctx.target !== main && ctx.target !== "#main")) return;
  markCurrent();
  closeDrawer();
  if (ctx.swap?.includes("orph")) return;
  const heading = main.querySelector<HTMLElement>("h1");
  if (document.activeElement === document.body) (heading ?? main).focus({ preventScroll: true });
  announce(word("page_loaded", { title: heading?.textContent?.trim() || document.title }));
}

export function markCurrent(): void {
  for (const list of document.querySelectorAll(".nav-items, .tabbar")) {
    const links = [...list.querySelectorAll<HTMLAnchorElement>("a[href]:not(.create)")];
    const inside = links.filter((link) => location.pathname.startsWith(link.pathname));
    const best = inside.sort((one, other) => other.pathname.length - one.pathname.length)[0];
    for (const link of links) {
      if (link === best) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
}

function closeDrawer(): void {
  delete document.documentElement.dataset.drawer;
  document.querySelector("[data-drawer][aria-expanded]")?.setAttribute("aria-expanded", "false");
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const root = document.documentElement;
  if (target.closest("[data-fold]")) {
    root.dataset.nav = root.dataset.nav === "folded" ? "open" : "folded";
    // biome-ignore lint/suspicious/noDocumentCookie: the server reads it before the page is drawn, so nothing jumps
    document.cookie = `nav=${root.dataset.nav}; path=/; max-age=31536000; samesite=lax`;
  }
  const drawer = target.closest("button[data-drawer]");
  if (drawer) {
    const open = root.dataset.drawer !== "open";
    closeDrawer();
    if (open) root.dataset.drawer = "open";
    drawer.setAttribute("aria-expanded", String(open));
  }
}

/** The panel closes over a record that was deleted. */
function onGone(event: Event): void {
  const { id } = (event as CustomEvent<{ id: number }>).detail;
  const panel = document.querySelector("piste-panel");
  if (panel?.querySelector<HTMLElement>(".record")?.dataset.id === String(id)) panel.close();
}

document.addEventListener("record-gone", onGone);
document.addEventListener("htmx:before:request", () => wait(1));
document.addEventListener("htmx:finally:request", () => wait(-1));
document.addEventListener("htmx:response:error", onError);
document.addEventListener("htmx:after:request", onAnswer);
document.addEventListener("htmx:after:swap", onSwap);
document.addEventListener("htmx:error", onFailure);
document.addEventListener("click", onClick);
