const PIECES = 120;
const LASTS = 1200;

interface Piece {
  x: number;
  y: number;
  dx: number;
  dy: number;
  turn: number;
  colour: string;
}

/** A won deal rains paper for a moment. It never takes a click, and does not come where motion is unwanted. */
export class PisteConfetti extends HTMLElement {
  #frame = 0;

  connectedCallback(): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.remove();
      return;
    }
    const canvas = document.createElement("canvas");
    canvas.width = innerWidth;
    canvas.height = innerHeight;
    this.setAttribute("aria-hidden", "true");
    this.replaceChildren(canvas);
    const pen = canvas.getContext("2d");
    if (pen) this.#fall(pen, pieces());
  }

  disconnectedCallback(): void {
    cancelAnimationFrame(this.#frame);
  }

  #fall(pen: CanvasRenderingContext2D, falling: Piece[]): void {
    const start = performance.now();
    const draw = (now: number) => {
      const age = now - start;
      if (age > LASTS) {
        this.remove();
        return;
      }
      pen.clearRect(0, 0, innerWidth, innerHeight);
      pen.globalAlpha = Math.min(1, (LASTS - age) / 400);
      for (const piece of falling) paint(pen, piece, age / 1000);
      this.#frame = requestAnimationFrame(draw);
    };
    this.#frame = requestAnimationFrame(draw);
  }
}

function pieces(): Piece[] {
  const style = getComputedStyle(document.documentElement);
  const colours = ["--viz-1", "--viz-2", "--viz-3", "--viz-4", "--star-on"].map((name) => solid(style, name));
  return Array.from({ length: PIECES }, (_, index) => ({
    x: innerWidth / 2,
    y: innerHeight * 0.4,
    dx: (Math.random() - 0.5) * innerWidth * 0.9,
    dy: -Math.random() * innerHeight * 0.9,
    turn: Math.random() * 12,
    colour: colours[index % colours.length] ?? "",
  }));
}

/** A canvas does not know light-dark(), so a real element resolves the token. */
function solid(style: CSSStyleDeclaration, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = style.getPropertyValue(name);
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function paint(pen: CanvasRenderingContext2D, piece: Piece, seconds: number): void {
  const x = piece.x + piece.dx * seconds;
  const y = piece.y + piece.dy * seconds + innerHeight * 0.9 * seconds ** 2;
  pen.save();
  pen.translate(x, y);
  pen.rotate(piece.turn * seconds);
  pen.fillStyle = piece.colour;
  pen.fillRect(-4, -2, 8, 5);
  pen.restore();
}

customElements.define("piste-confetti", PisteConfetti);
