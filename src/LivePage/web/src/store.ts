import type { Measurement, RunDocument, RunEvent, RunSummary, TrainingPoint } from './contract';

/** Most training points and measurements that the page holds for a run. */
const MOST_POINTS = 8000;
const MOST_MEASUREMENTS = 6000;
const MOST_EVENTS = 200;

/** How the page stands to the host. */
export type Connection = 'connecting' | 'live' | 'reconnecting';

/** Lets every second item go; the newest stays. */
export function thin<T>(items: T[], most: number): T[] {
  return items.length <= most ? items : items.filter((_, index) => index % 2 === 0 || index === items.length - 1);
}

/** What a branch of a run has left behind: what was known from its first step on belongs to those before it. */
export function abandon<T extends { step: number; branch?: number }>(items: T[], next: { branch?: number; branch_step?: number }): T[] {
  const [branch, from] = [next.branch ?? 1, next.branch_step ?? 0];
  return items.some((item) => (item.branch ?? 1) < branch && item.step >= from)
    ? items.filter((item) => (item.branch ?? 1) >= branch || item.step < from)
    : items;
}

/** Whether something is of a branch that another one known here has left before it came so far. */
export function isAbandoned(next: { step: number; branch?: number }, known: { branch?: number; branch_step?: number } | undefined): boolean {
  return known !== undefined && (known.branch ?? 1) > (next.branch ?? 1) && next.step >= (known.branch_step ?? 0);
}

/** Adds a point to points of rising step. A step that is there already is replaced, an older one is late news and ignored. */
export function addTraining(points: TrainingPoint[], point: TrainingPoint): TrainingPoint[] {
  points = abandon(points, point);
  const last = points.at(-1);
  if (last && (point.step < last.step || isAbandoned(point, last))) {
    return points;
  }
  if (last && point.step === last.step) {
    points.pop();
  }
  points.push(point);
  return thin(points, MOST_POINTS);
}

/** Adds a measurement, in order of step; the same analysis of the same operator and step is replaced. */
export function addMeasurement(list: Measurement[], measurement: Measurement): Measurement[] {
  list = abandon(list, measurement);
  if (isAbandoned(measurement, list.at(-1))) {
    return list;
  }
  let place = list.length;
  while (place > 0 && list[place - 1]!.step > measurement.step) {
    place--;
  }
  for (let same = place - 1; same >= 0 && list[same]!.step === measurement.step; same--) {
    if (list[same]!.operator === measurement.operator && list[same]!.analysis === measurement.analysis) {
      list[same] = measurement;
      return list;
    }
  }
  list.splice(place, 0, measurement);
  return thin(list, MOST_MEASUREMENTS);
}

/** Adds an event, unless it is there already. */
export function addEvent(events: RunEvent[], event: RunEvent): RunEvent[] {
  if (!events.some((other) => other.time === event.time && other.text === event.text && other.kind === event.kind)) {
    events.push(event);
  }
  return events.length > MOST_EVENTS ? events.slice(-MOST_EVENTS) : events;
}

/** Everything known of the run that is shown. */
export interface RunView {
  run: string;
  /** Tells this run from an earlier or later one of the same name. */
  startTime: string | null;
  training: TrainingPoint[];
  measurements: Measurement[];
  events: RunEvent[];
}

export function emptyView(run: string, startTime: string | null = null): RunView {
  return { run, startTime, training: [], measurements: [], events: [] };
}

/** A run's history, continued by what arrived while it was on its way. */
export function continueHistory(document: RunDocument, live: RunView): RunView {
  let training: TrainingPoint[] = [];
  let measurements: Measurement[] = [];
  let events = [...document.events];
  for (const measurement of document.measurements) {
    measurements = addMeasurement(measurements, measurement);
  }
  for (const point of document.training) {
    training = addTraining(training, point);
  }
  for (const point of live.training) {
    training = addTraining(training, point);
  }
  for (const measurement of live.measurements) {
    measurements = addMeasurement(measurements, measurement);
  }
  for (const event of live.events) {
    events = addEvent(events, event);
  }
  return { run: document.run.run, startTime: document.run.start_time, training, measurements, events };
}

/** The run to show when nobody chose one: the newest that runs, else the newest. */
export function preferredRun(runs: readonly RunSummary[]): string | null {
  const newestFirst = [...runs].sort((a, b) => Date.parse(b.start_time) - Date.parse(a.start_time));
  return (newestFirst.find((run) => run.state === 'running' || run.state === 'diverged') ?? newestFirst[0])?.run ?? null;
}

/** The page's state. Whoever changes it says so by `changed`; drawing follows at the next frame. */
export class Store {
  readonly runs = new Map<string, RunSummary>();
  connection: Connection = 'connecting';
  /** True once the host answered for the first time: until then an empty page means "not yet", afterwards "no run". */
  answered = false;
  view: RunView | null = null;
  /** The run that the reader chose; null follows the newest one. */
  chosen: string | null = null;

  constructor(private readonly listener: () => void) {}

  changed(): void {
    this.listener();
  }

  summary(): RunSummary | null {
    return (this.view && this.runs.get(this.view.run)) ?? null;
  }

  setRuns(runs: readonly RunSummary[]): void {
    this.answered = true;
    this.runs.clear();
    for (const run of runs) {
      this.runs.set(run.run, run);
    }
    this.changed();
  }

  /** The run that should be shown now. */
  wanted(): string | null {
    return this.chosen !== null && this.runs.has(this.chosen) ? this.chosen : preferredRun([...this.runs.values()]);
  }

  applyRun(run: RunSummary): void {
    this.runs.set(run.run, run);
    this.changed();
  }

  applyTraining(point: TrainingPoint): void {
    const summary = point.run === undefined ? undefined : this.runs.get(point.run);
    if (summary) {
      // Absence is news too: a loss that is no number any more must not leave the last good one standing.
      const { loss: _loss, learning_rate: _rate, ...rest } = summary;
      this.runs.set(summary.run, {
        ...rest,
        step: point.step,
        ...(point.loss === undefined ? {} : { loss: point.loss }),
        ...(point.learning_rate === undefined ? {} : { learning_rate: point.learning_rate }),
        ...(point.accuracy === undefined ? {} : { accuracy: point.accuracy }),
        ...(point.batch_size === undefined ? {} : { batch_size: point.batch_size }),
      });
    }
    if (this.view && this.view.run === point.run) {
      this.view.training = addTraining(this.view.training, point);
    }
    this.changed();
  }

  applyMeasurement(measurement: Measurement): void {
    if (this.view?.run === measurement.run) {
      this.view.measurements = addMeasurement(this.view.measurements, measurement);
      this.changed();
    }
  }

  applyEvent(event: RunEvent): void {
    if (this.view && this.view.run === event.run) {
      this.view.events = addEvent(this.view.events, event);
      this.changed();
    }
  }
}
