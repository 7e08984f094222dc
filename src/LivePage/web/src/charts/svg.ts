// A chart as an SVG file: the same columns, scales, ticks and styles that uPlot draws on its canvas.
import type uPlot from 'uplot';
import type { Theme } from '../theme';
import type { Picture } from './chart';
import { SvgPen } from './pen';

/** Width of the shades in a legend. */
const RAMP = 48;

/** Height of the line above the plot that has title and legend. */
const HEAD = 30;

/** What uPlot found for an axis when it last drew; not in its types. */
type DrawnAxis = uPlot.Axis & { _splits?: number[] | null; _values?: (string | null)[] | null };

type Point = [number, number];

export function svgOf(plot: uPlot, picture: Picture, title: string, theme: Theme): string {
  const pen = new SvgPen();
  pen.rectangle(0, 0, plot.width, plot.height + HEAD, theme.card);
  drawHead(pen, picture, title, theme);
  const body = shifted(plot);
  plot.axes.forEach((axis) => drawAxis(pen, body, axis, theme));
  pen.clip(body.left, body.top, body.width, body.height);
  drawBands(pen, body, picture);
  picture.paint?.(body.place, pen, theme);
  drawSeries(pen, body, picture);
  pen.unclip();
  return pen.document(plot.width, plot.height + HEAD, `${title}. ${picture.summary}`);
}

/** Where values lie on the drawing, and its plotting area, in CSS pixels. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
  x(value: number): number;
  y(value: number, scale?: string): number;
}

/** Places on uPlot's canvas. */
export function placeOf(plot: uPlot, down = 0): Place {
  const ratio = devicePixelRatio;
  return {
    left: plot.bbox.left / ratio,
    top: plot.bbox.top / ratio + down,
    width: plot.bbox.width / ratio,
    height: plot.bbox.height / ratio,
    x: (value) => plot.valToPos(value, 'x', true) / ratio,
    y: (value, scale = 'y') => plot.valToPos(value, scale, true) / ratio + down,
  };
}

interface Body extends Place {
  plot: uPlot;
  place: Place;
}

function shifted(plot: uPlot): Body {
  const place = placeOf(plot, HEAD);
  return { ...place, plot, place };
}

function drawHead(pen: SvgPen, picture: Picture, title: string, theme: Theme): void {
  pen.text(8, HEAD / 2, title, { colour: theme.ink, bold: true });
  let x = 24 + 7.2 * title.length;
  for (const item of picture.legend) {
    const text = `${item.label} ${item.value(null)}`.trim();
    const width = item.ramp === undefined ? 14 : RAMP;
    if (item.ramp === undefined) {
      pen.line(x, HEAD / 2, x + width, HEAD / 2, item.colour, 2.5, item.dashed ? [4, 3] : []);
    }
    item.ramp?.forEach((colour, index, { length }) => pen.line(x + width * index / length, HEAD / 2, x + width * (index + 1) / length, HEAD / 2, colour, 8));
    pen.text(x + width + 5, HEAD / 2, text, { colour: theme.soft });
    x += width + 20 + 6.6 * text.length;
  }
}

function drawAxis(pen: SvgPen, body: Body, axis: DrawnAxis, theme: Theme): void {
  const splits = axis._splits ?? [];
  const bottom = body.top + body.height;
  const right = body.left + body.width;
  const across = axis.side === 2 || axis.side === undefined && axis.scale === 'x';
  splits.forEach((value, index) => {
    const text = axis._values?.[index] ?? '';
    const place = across ? body.x(value) : body.y(value, axis.scale);
    if (across) {
      pen.line(place, body.top, place, bottom, theme.grid);
      pen.text(place, bottom + 8, text, { colour: theme.soft, anchor: 'middle', baseline: 'top' });
    } else if (axis.side === 1) {
      pen.text(right + 8, place, text, { colour: theme.soft });
    } else {
      pen.line(body.left, place, right, place, theme.grid);
      pen.text(body.left - 8, place, text, { colour: theme.soft, anchor: 'end' });
    }
  });
  if (across && typeof axis.label === 'string') {
    pen.text(body.left + body.width / 2, bottom + 26, axis.label, { colour: theme.soft, anchor: 'middle', baseline: 'top' });
  }
}

function drawBands(pen: SvgPen, body: Body, picture: Picture): void {
  const steps = picture.data[0];
  for (const band of picture.options.bands ?? []) {
    const high = picture.data[band.series[0]]!;
    const low = picture.data[band.series[1]]!;
    const scale = picture.options.series[band.series[0]]?.scale ?? 'y';
    const rows = [...steps.keys()].filter((row) => typeof high[row] === 'number' && typeof low[row] === 'number');
    if (rows.length > 1) {
      const edge = (column: typeof high): Point[] => rows.map((row) => [body.x(steps[row]!), body.y(column[row]!, scale)]);
      pen.area([...edge(high), ...edge(low).reverse()], String(band.fill));
    }
  }
}

function drawSeries(pen: SvgPen, body: Body, picture: Picture): void {
  const steps = picture.data[0];
  picture.options.series.forEach((series, index) => {
    const colour = series.stroke;
    if (index === 0 || typeof colour !== 'string' || colour === 'transparent') {
      return;
    }
    const scale = series.scale ?? 'y';
    const points: Point[] = [];
    picture.data[index]!.forEach((value, row) => {
      if (typeof value === 'number') {
        points.push([body.x(steps[row]!), body.y(value, scale)]);
      }
    });
    if ((series.width ?? 1) > 0 && points.length > 1) {
      pen.path(picture.stepped?.includes(index) ? stairs(points) : points, colour, series.width ?? 1, series.dash ?? []);
    }
    if (series.points?.show === true) {
      points.forEach(([x, y]) => pen.dot(x, y, (series.points?.size ?? 5) / 2, colour));
    }
  });
}

function stairs(points: readonly Point[]): Point[] {
  return points.flatMap(([x, y], index) => (index === 0 ? [[x, y] as Point] : [[x, points[index - 1]![1]] as Point, [x, y] as Point]));
}
