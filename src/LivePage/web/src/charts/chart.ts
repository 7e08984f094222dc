import uPlot from 'uplot';
import { create, setText } from '../dom';
import { FONT, readTheme, type Theme } from '../theme';
import { saveText } from './download';
import { CanvasPen, type Pen } from './pen';
import { type Place, placeOf, svgOf } from './svg';

export interface LegendItem {
  label: string;
  colour: string;
  dashed?: boolean;
  /** Shades from the least to the most, shown in place of a line. */
  ramp?: readonly string[];
  /** What to say of the data row under the cursor, or of the newest one where the cursor is elsewhere. */
  value: (row: number | null) => string;
}

/** What a chart shows now: everything but its size. */
export interface Picture {
  options: Omit<uPlot.Options, 'width' | 'height' | 'legend'>;
  data: uPlot.AlignedData;
  legend: LegendItem[];
  /** One sentence that says to a screen reader what the picture says. */
  summary: string;
  /** Shown in place of the picture where there is nothing to draw. */
  empty?: string;
  /** Drawn by hand over the grid and under the series. */
  paint?: (place: Place, pen: Pen, theme: Theme) => void;
  /** Series that are drawn as stairs. */
  stepped?: readonly number[];
  /** Changes where the options change in a way that needs a new drawing surface: another axis type, another set of series. */
  shape: string;
}

/**
 * A card with a title, a legend that reads out values, tools, and a plot that fills the card's width. Subclasses say what is drawn; this class keeps the
 * drawing surface, follows the card's size and the colour scheme, and keeps the reader's zoom while data comes in.
 */
export abstract class Chart<Input> {
  private readonly title: string;
  private readonly plotElement = create('div', 'plot');
  private readonly legendElement = create('ul', 'legend');
  private readonly emptyElement = create('p', 'empty');
  protected readonly tools = create('div', 'tools');
  private readonly saveButton = create('button', 'save', 'SVG');
  private plot: uPlot | null = null;
  private picture: Picture | null = null;
  private input: Input | null = null;
  private zoomed = false;
  private cursorRow: number | null = null;

  constructor(private readonly card: HTMLElement) {
    this.title = card.querySelector('h2')!.textContent ?? '';
    const head = create('div', 'head');
    head.append(card.querySelector('h2')!, this.legendElement, this.tools);
    this.plotElement.setAttribute('role', 'img');
    this.plotElement.append(this.emptyElement);
    this.saveButton.type = 'button';
    this.saveButton.title = 'Save this picture as an SVG file';
    this.saveButton.setAttribute('aria-label', `Save ${this.title} as SVG`);
    this.saveButton.addEventListener('click', () => this.save());
    this.tools.append(this.saveButton);
    card.append(head, this.plotElement);
    new ResizeObserver(() => this.resize()).observe(this.plotElement);
  }

  protected abstract draw(input: Input, theme: Theme): Picture;

  /** Shows new data. */
  show(input: Input): void {
    this.input = input;
    this.refresh();
  }

  /** Draws everything anew: the colours changed. */
  repaint(): void {
    this.discard();
    this.refresh();
  }

  /** Leaves the card out of the page, or takes it in: what a server does not send has no panel. */
  present(there: boolean): void {
    if (this.card.hidden === there) {
      this.card.hidden = !there;
    }
  }

  private save(): void {
    if (this.plot && this.picture) {
      saveText(`${this.title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.svg`, 'image/svg+xml', svgOf(this.plot, this.picture, this.title, readTheme()));
    }
  }

  /** Draws the last data again, after a change of the chart's own choices. */
  protected refresh(): void {
    if (this.input === null) {
      return;
    }
    const next = this.draw(this.input, readTheme());
    if (next.shape !== this.picture?.shape || next.empty !== undefined) {
      this.discard();
    }
    this.picture = next;
    this.saveButton.disabled = next.empty !== undefined;
    setText(this.emptyElement, next.empty ?? '');
    this.plotElement.setAttribute('aria-label', next.summary);
    if (next.empty === undefined) {
      this.update(next);
    }
    this.showLegend();
  }

  private update(next: Picture): void {
    const { clientWidth: width, clientHeight: height } = this.plotElement;
    if (width === 0 || height === 0) {
      return;
    }
    if (!this.plot) {
      this.plot = new uPlot(this.completed(next, width, height), next.data, this.plotElement);
      return;
    }
    const { min, max } = this.plot.scales['x']!;
    this.plot.setData(next.data, !this.zoomed);
    if (this.zoomed && min !== undefined && min !== null && max !== undefined && max !== null) {
      this.plot.setScale('x', { min, max });
    }
  }

  private completed(picture: Picture, width: number, height: number): uPlot.Options {
    const hooks = picture.options.hooks ?? {};
    return {
      ...picture.options,
      width,
      height,
      padding: [8, null, 0, null],
      legend: { show: false },
      hooks: {
        ...hooks,
        drawAxes: [(plot) => {
          const { left, top, width, height } = placeOf(plot);
          const pen = new CanvasPen(plot.ctx, devicePixelRatio);
          pen.clip(left, top, width, height);
          this.picture?.paint?.(placeOf(plot), pen, readTheme());
          pen.unclip();
        }],
        setCursor: [(plot) => {
          this.cursorRow = plot.cursor.idx ?? null;
          this.showLegend();
        }],
        setSelect: [(plot) => {
          this.zoomed = plot.select.width > 0;
        }],
        ready: [(plot) => plot.over.addEventListener('dblclick', () => {
          this.zoomed = false;
        })],
      },
    };
  }

  private discard(): void {
    this.plot?.destroy();
    this.plot = null;
    this.zoomed = false;
    this.cursorRow = null;
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.plotElement;
    if (this.plot && width > 0 && height > 0) {
      this.plot.setSize({ width, height });
    } else {
      this.refresh();
    }
  }

  private showLegend(): void {
    const items = this.picture?.empty === undefined ? this.picture?.legend ?? [] : [];
    while (this.legendElement.children.length > items.length) {
      this.legendElement.lastElementChild!.remove();
    }
    items.forEach((item, index) => {
      let row = this.legendElement.children[index] as HTMLLIElement | undefined;
      if (!row) {
        row = create('li');
        row.append(create('i'), create('span'), ' ', create('b'));
        this.legendElement.append(row);
      }
      const [key, label, value] = row.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
      key.hidden = item.colour === 'transparent';
      key.style.color = item.colour;
      key.classList.toggle('dashed', item.dashed === true);
      key.classList.toggle('ramp', item.ramp !== undefined);
      key.style.backgroundImage = item.ramp === undefined ? '' : `linear-gradient(to right, ${item.ramp.join(', ')})`;
      setText(label, item.label);
      setText(value, item.value(this.cursorRow));
    });
  }
}

/** An axis in the theme's colours. */
export function axis(theme: Theme, more: uPlot.Axis = {}): uPlot.Axis {
  return {
    stroke: theme.soft,
    font: FONT,
    labelFont: FONT,
    labelSize: 18,
    labelGap: 0,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { stroke: theme.grid, width: 1, size: 4 },
    ...more,
  };
}

/** The value of a column in a row, or its last known one where no row is given. */
export function at(column: readonly (number | null)[], row: number | null): number | null {
  if (row !== null) {
    return column[row] ?? null;
  }
  for (let i = column.length - 1; i >= 0; i--) {
    if (column[i] !== null && column[i] !== undefined) {
      return column[i]!;
    }
  }
  return null;
}
