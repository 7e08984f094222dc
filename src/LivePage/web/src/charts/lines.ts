// The lines that several charts draw alike.
import uPlot from 'uplot';
import { quantity } from '../format';
import type { Column } from '../series';
import { type Theme, translucent } from '../theme';
import { at } from './chart';

/** Fewer points than this are marked: a line through two or three measurements says too little about where they are. */
const FEW = 60;

export function few(steps: readonly number[]): boolean {
  return steps.length < FEW;
}

/** A line through measurements. */
export function line(colour: string, marked: boolean, more: uPlot.Series = {}): uPlot.Series {
  return { stroke: colour, width: 2, spanGaps: true, points: { show: marked, size: 4.5, fill: colour, width: 0 }, ...more };
}

/** An edge of a band: itself unseen. */
export const edge: uPlot.Series = { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } };

/** A limit, which holds until the next one comes. */
export function limitLine(theme: Theme): uPlot.Series {
  return { stroke: theme.limit, width: 1.75, dash: [7, 4], spanGaps: true, points: { show: false }, paths: uPlot.paths.stepped!({ align: 1 }) };
}

/** The band between two series. */
export function band(high: number, low: number, colour: string): uPlot.Band {
  return { series: [high, low], fill: translucent(colour, 0.2) };
}

/** Reads out a value with its error. */
export function withError(value: Column, high: Column) {
  return (row: number | null): string => {
    const shown = row ?? lastKnown(value);
    const middle = shown === null ? null : at(value, shown);
    const top = shown === null ? null : at(high, shown);
    return middle === null || top === null ? quantity(middle) : `${quantity(middle)} ± ${quantity(top - middle, 2)}`;
  };
}

function lastKnown(column: Column): number | null {
  for (let row = column.length - 1; row >= 0; row--) {
    if (column[row] !== null && column[row] !== undefined) {
      return row;
    }
  }
  return null;
}

/** Lower edge of a band. On a logarithmic axis an edge at or below zero lies infinitely far down: it is drawn three decades below the value. */
export function lowEdge(low: Column, value: Column, logarithmic: boolean): Column {
  return logarithmic ? low.map((bound, i) => (bound === null || value[i] === null ? null : Math.max(bound, value[i]! * 1e-3) || null)) : low;
}
