/** Say something to screen readers without moving the focus. */
export function announce(text: string): void {
  const region = document.getElementById("status");
  if (!region) return;
  region.textContent = "";
  // A region that is emptied and filled in one go is not read out when the words are the same.
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
