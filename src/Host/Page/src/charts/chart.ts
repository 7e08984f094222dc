import uPlot from 'uplot';
import { create, setText } from '../dom';
import { FONT, readTheme, type Theme } from '../theme';

export interface LegendItem {
  label: string;
  colour: string;
  dashed?: boolean;
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
  /** Changes where the options change in a way that needs a new drawing surface: another axis type, another set of series. */
  shape: string;
}

/**
 * A card with a title, a legend that reads out values, tools, and a plot that fills the card's width. Subclasses say what is drawn; this class keeps the
 * drawing surface, follows the card's size and the colour scheme, and keeps the reader's zoom while data comes in.
 */
export abstract class Chart<Input> {
  private readonly plotElement = create('div', 'plot');
  private readonly legendElement = create('ul', 'legend');
  private readonly emptyElement = create('p', 'empty');
  protected readonly tools = create('div', 'tools');
  private plot: uPlot | null = null;
  private picture: Picture | null = null;
  private input: Input | null = null;
  private zoomed = false;
  private cursorRow: number | null = null;

  constructor(card: HTMLElement) {
    const head = create('div', 'head');
    head.append(card.querySelector('h2')!, this.legendElement, this.tools);
    this.plotElement.setAttribute('role', 'img');
    this.plotElement.append(this.emptyElement);
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
      legend: { show: false },
      hooks: {
        ...hooks,
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
      key.style.color = item.colour;
      key.classList.toggle('dashed', item.dashed === true);
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
