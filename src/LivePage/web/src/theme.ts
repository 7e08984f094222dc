import { Choice } from './charts/choice';

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
  trace: string;
  noise: string;
  cost: string;
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
    trace: colour('trace'),
    noise: colour('noise'),
    cost: colour('cost'),
  };
}

/** A colour of the theme made translucent; the theme's colours are written #rrggbb. */
export function translucent(colour: string, alpha: number): string {
  return `${colour}${Math.round(alpha * 255).toString(16).padStart(2, '0')}`;
}

/** A colour so far on the way from one to another; both are written #rrggbb. */
export function mixed(from: string, to: string, share: number): string {
  const part = (colour: string, index: number): number => parseInt(colour.slice(1 + 2 * index, 3 + 2 * index), 16);
  return `#${[0, 1, 2].map((index) => Math.round(part(from, index) + share * (part(to, index) - part(from, index))).toString(16).padStart(2, '0')).join('')}`;
}

export type ColourScheme = 'auto' | 'light' | 'dark';

/** Keeps the page's colours at the reader's choice, which by default is the system's; calls back when they changed. */
export class ColourSwitch {
  private readonly system = matchMedia('(prefers-color-scheme: dark)');
  private readonly choice: Choice<ColourScheme>;

  constructor(place: HTMLElement, private readonly changed: () => void) {
    this.choice = new Choice<ColourScheme>('Colours', 'colours', [['auto', 'auto'], ['light', 'light'], ['dark', 'dark']], 'auto', () => this.apply());
    place.append(this.choice.element);
    this.system.addEventListener('change', () => this.apply());
    this.apply();
  }

  private apply(): void {
    const dark = this.choice.value === 'dark' || (this.choice.value === 'auto' && this.system.matches);
    const next = dark ? 'dark' : 'light';
    if (document.documentElement.dataset['theme'] !== next) {
      document.documentElement.dataset['theme'] = next;
      this.changed();
    }
  }
}
