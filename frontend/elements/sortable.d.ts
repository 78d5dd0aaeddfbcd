// The types of SortableJS describe its main file; the core without plugins has the same shape.
declare module "sortablejs/modular/sortable.core.esm.js" {
  export { AutoScroll, default as Sortable } from "sortablejs";
}
