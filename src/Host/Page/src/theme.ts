/** The colours that canvases need, read from the style sheet so that they are written in one place. */
export interface Theme {
  ink: string;
  soft: string;
  grid: string;
  card: string;
  hessian: string;
  ggn: string;
  residual: string;
  limit: string;
  loss: string;
  learningRate: string;
}

export const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour('ink'),
    soft: colour('soft'),
    grid: colour('grid'),
    card: colour('card'),
    hessian: colour('hessian'),
    ggn: colour('ggn'),
    residual: colour('residual'),
    limit: colour('limit'),
    loss: colour('loss'),
    learningRate: colour('learning-rate'),
  };
}

/** A colour of the theme made translucent; the theme's colours are written #rrggbb. */
export function translucent(colour: string, alpha: number): string {
  return `${colour}${Math.round(alpha * 255).toString(16).padStart(2, '0')}`;
}

/** Calls back when the reader's light or dark preference changes. */
export function onThemeChange(callback: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', callback);
}
