import { FONT } from '../theme';

export interface TextStyle {
  colour: string;
  anchor?: 'start' | 'middle' | 'end';
  baseline?: 'top' | 'middle' | 'bottom';
  bold?: boolean;
}

/** What is drawn by hand is drawn with a pen, so that the canvas and the SVG file show the same. Coordinates are CSS pixels from the drawing's upper left corner. */
export interface Pen {
  /** Everything until `unclip` is cut off at the borders of this rectangle. */
  clip(x: number, y: number, width: number, height: number): void;
  unclip(): void;
  rectangle(x: number, y: number, width: number, height: number, fill: string): void;
  line(x1: number, y1: number, x2: number, y2: number, stroke: string, width?: number, dash?: readonly number[]): void;
  text(x: number, y: number, text: string, style: TextStyle): void;
}

export class CanvasPen implements Pen {
  constructor(private readonly context: CanvasRenderingContext2D, private readonly ratio: number) {}

  clip(x: number, y: number, width: number, height: number): void {
    this.context.save();
    this.context.beginPath();
    this.context.rect(x * this.ratio, y * this.ratio, width * this.ratio, height * this.ratio);
    this.context.clip();
  }

  unclip(): void {
    this.context.restore();
  }

  rectangle(x: number, y: number, width: number, height: number, fill: string): void {
    this.context.fillStyle = fill;
    // On whole pixels, and each up to where the next one begins: neighbours then show no seam.
    const left = Math.round(x * this.ratio);
    const top = Math.round(y * this.ratio);
    this.context.fillRect(left, top, Math.max(1, Math.round((x + width) * this.ratio) - left), Math.max(1, Math.round((y + height) * this.ratio) - top));
  }

  line(x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1, dash: readonly number[] = []): void {
    const { context, ratio } = this;
    context.save();
    context.strokeStyle = stroke;
    context.lineWidth = width * ratio;
    context.setLineDash(dash.map((part) => part * ratio));
    context.beginPath();
    context.moveTo(x1 * ratio, y1 * ratio);
    context.lineTo(x2 * ratio, y2 * ratio);
    context.stroke();
    context.restore();
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const { context, ratio } = this;
    context.save();
    context.fillStyle = style.colour;
    context.font = `${style.bold ? '600 ' : ''}${FONT.replace('12px', `${12 * ratio}px`)}`;
    context.textAlign = style.anchor === 'middle' ? 'center' : style.anchor ?? 'start';
    context.textBaseline = style.baseline ?? 'middle';
    context.fillText(text, x * ratio, y * ratio);
    context.restore();
  }
}

/** Collects SVG elements. */
export class SvgPen implements Pen {
  private readonly parts: string[] = [];
  private clips = 0;

  clip(x: number, y: number, width: number, height: number): void {
    const id = `clip${++this.clips}`;
    this.parts.push(`<clipPath id="${id}"><rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}"/></clipPath><g clip-path="url(#${id})">`);
  }

  unclip(): void {
    this.parts.push('</g>');
  }

  rectangle(x: number, y: number, width: number, height: number, fill: string): void {
    this.parts.push(`<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" fill="${escape(fill)}"/>`);
  }

  line(x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1, dash: readonly number[] = []): void {
    this.path([[x1, y1], [x2, y2]], stroke, width, dash);
  }

  path(points: readonly (readonly [number, number])[], stroke: string, width: number, dash: readonly number[] = []): void {
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
    this.parts.push(`<path d="${route(points)}" fill="none" stroke="${escape(stroke)}" stroke-width="${width}" stroke-linejoin="round"${dashes}/>`);
  }

  area(points: readonly (readonly [number, number])[], fill: string): void {
    this.parts.push(`<path d="${route(points)}Z" fill="${escape(fill)}"/>`);
  }

  dot(x: number, y: number, radius: number, fill: string): void {
    this.parts.push(`<circle cx="${at(x)}" cy="${at(y)}" r="${radius}" fill="${escape(fill)}"/>`);
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    const baseline = { top: 'hanging', middle: 'central', bottom: 'auto' }[style.baseline ?? 'middle'];
    const weight = style.bold ? ' font-weight="600"' : '';
    this.parts.push(`<text x="${at(x)}" y="${at(y)}" fill="${escape(style.colour)}" text-anchor="${style.anchor ?? 'start'}" dominant-baseline="${baseline}"${weight}>${escape(text)}</text>`);
  }

  /** The file. */
  document(width: number, height: number, title: string): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-size="12" `
      + `font-family="system-ui, 'DejaVu Sans', sans-serif"><title>${escape(title)}</title>${this.parts.join('\n')}</svg>\n`;
  }
}

function route(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join('');
}

function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
