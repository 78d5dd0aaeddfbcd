/** The whole state of a page is in its address; these read and change it. */

/** The address with one filter more, from its first page on. */
export function withFilter(url: string, query: string, filter: [string, string, string]): string {
  const search = new URLSearchParams(query);
  for (const name of ["after", "panel"]) search.delete(name);
  const written = filter.join("~");
  if (!search.getAll("w").includes(written)) search.append("w", written);
  return `${url}?${search}`;
}

/** What is left of an address when no record lies beside its list. */
export function withoutPanel(href: string): string {
  const address = new URL(href);
  address.searchParams.delete("panel");
  return address.pathname + address.search;
}

/** The address with other columns, each with its width in pixels or 0. */
export function withColumns(href: string, columns: [string, number][]): string {
  const address = new URL(href);
  address.searchParams.delete("after");
  address.searchParams.set(
    "cols",
    columns.map(([name, width]) => (width ? `${name}:${width}` : name)).join(),
  );
  return address.pathname + address.search;
}
