// The parts of the page that are not charts.
import { downloadAddress } from './api';
import type { RunEvent, RunSummary } from './contract';
import { byId, create, setText } from './dom';
import { ABSENT, clock, count, percent, quantity, ratio } from './format';
import { latestSharpness } from './series';
import { bandOf, gaugePosition, nameOf, wordOf } from './stability';
import type { Connection, RunView } from './store';

/** The list of runs to choose from. */
export class RunPicker {
  private readonly select = byId<HTMLSelectElement>('run');
  private shown = '';

  constructor(chosen: (run: string) => void) {
    this.select.addEventListener('change', () => chosen(this.select.value));
  }

  show(runs: readonly RunSummary[], selected: string | null): void {
    const newestFirst = [...runs].sort((a, b) => Date.parse(b.start_time) - Date.parse(a.start_time));
    const key = JSON.stringify(newestFirst.map((run) => [run.run, run.state]));
    if (key !== this.shown) {
      this.shown = key;
      this.select.replaceChildren(...newestFirst.map((run) => new Option(`${run.run} (${run.state})`, run.run)));
      this.select.disabled = newestFirst.length === 0;
      if (newestFirst.length === 0) {
        this.select.append(new Option(ABSENT));
      }
    }
    if (selected !== null && this.select.value !== selected) {
      this.select.value = selected;
    }
  }
}

export function showConnection(connection: Connection): void {
  const element = byId('connection');
  element.dataset['state'] = connection;
  setText(element.querySelector('span')!, connection === 'live' ? 'live' : connection === 'connecting' ? 'connecting' : 'connection lost, trying again');
}

export function showAbout(summary: RunSummary | null): void {
  const parts = summary
    ? [summary.model, summary.dataset, summary.optimizer, summary.parameters === undefined ? undefined : measuredOf(summary), stateOf(summary), summary.branch === undefined ? undefined : `branch ${summary.branch} from step ${count(summary.branch_step)}`]
    : [];
  setText(byId('about'), parts.filter((part) => part !== undefined).join(' · '));
}

function stateOf(summary: RunSummary): string {
  return summary.diverged_since === undefined
    ? summary.state
    : `${summary.state}: ${summary.divergence ?? 'not finite'} since step ${count(summary.diverged_since)}`;
}

/** Over which parameters, with which loss and in which mode the numbers are. */
function measuredOf(summary: RunSummary): string | undefined {
  if (summary.parameters === undefined) {
    return undefined;
  }
  const trained = summary.trained === undefined || summary.trained === 'all' ? '' : ` (${summary.trained})`;
  const loss = summary.objective === undefined ? '' : `, loss ${summary.objective}`;
  const mode = summary.batch_norm === undefined ? '' : `, batch norm ${summary.batch_norm}`;
  const casts = summary.autocast === undefined ? '' : `, autocast ${summary.autocast}`;
  return `${count(summary.parameters)} parameters${trained}${loss}${mode}${casts}`;
}

/** The ratio, its word, and the numbers beside it. */
export function showStatus(summary: RunSummary | null, view: RunView | null): void {
  const measured = view && latestSharpness(view.measurements, 'hessian');
  // What cannot be told any more does not stand on from an earlier checkpoint.
  const stability = summary?.diverged_since === undefined ? measured?.stability : undefined;
  const value = stability?.ratio ?? (measured ? undefined : summary?.stability_ratio);
  const band = bandOf(value);
  byId('verdict').dataset['band'] = band;
  setText(byId('ratio'), ratio(value));
  setText(byId('word'), measured && value === undefined ? (measured.no_limit ?? 'no ratio') : wordOf(band));
  const interval = intervalOf(stability?.ratio_low, stability?.ratio_high);
  setText(byId('interval'), `${nameOf(stability?.kind)} / stability limit${interval}`);
  showGauge(value, stability?.ratio_low, stability?.ratio_high, wordOf(band));

  setText(byId('sharpness'), quantity(measured?.lambda_max ?? summary?.lambda_max, 4));
  const differs = measured?.difference === undefined ? '' : `, program differs by ${quantity(measured.difference, 2)}`;
  setText(byId('residual'), (measured?.lambda_max_residual === undefined ? '' : `± ${quantity(measured.lambda_max_residual, 2)}`) + differs);
  setText(byId('limit'), quantity(stability?.limit ?? (measured ? undefined : summary?.stability_limit), 4));
  setText(byId('learning-rate'), quantity(summary?.learning_rate));
  setText(byId('step'), count(summary?.step));
  const newest = view?.training.at(-1);
  const broken = newest?.step === summary?.step ? newest?.loss_text : undefined;
  setText(byId('loss'), broken ?? quantity(summary?.loss, 4));
  setText(byId('accuracy'), percent(summary?.accuracy));
  const lag = summary?.step !== undefined && measured ? Math.max(0, summary.step - measured.step) : undefined;
  setText(byId('lag'), count(lag));
  setText(byId('lag-unit'), lag === undefined ? '' : lag === 1 ? 'step' : 'steps');
  setText(byId('dropped'), count(summary?.dropped));
}

/** The ratio's interval as it follows the ratio's name; where it is narrower than two decimals tell, its half width. */
function intervalOf(low: number | undefined, high: number | undefined): string {
  if (low === undefined || high === undefined) {
    return '';
  }
  return ratio(low) === ratio(high) ? `, ±\u00a0${quantity((high - low) / 2, 2)}` : `, ${ratio(low)} to ${ratio(high)}`;
}

function showGauge(value: number | undefined, low: number | undefined, high: number | undefined, word: string): void {
  const needle = byId('gauge-needle');
  const range = byId('gauge-range');
  needle.hidden = value === undefined;
  range.hidden = low === undefined || high === undefined;
  if (value !== undefined) {
    needle.style.left = `${100 * gaugePosition(value)}%`;
  }
  if (low !== undefined && high !== undefined) {
    range.style.left = `${100 * gaugePosition(low)}%`;
    range.style.width = `${100 * (gaugePosition(high) - gaugePosition(low))}%`;
  }
  byId('gauge').setAttribute('aria-label', `Stability ratio ${ratio(value)}: ${word}`);
}

/** The newest events first. */
export function showEvents(events: readonly RunEvent[]): void {
  const body = byId('events');
  const newestFirst = [...events].reverse();
  const key = `${newestFirst.length}/${newestFirst[0]?.time}/${newestFirst[0]?.text}/${newestFirst.at(-1)?.time}`;
  if (body.dataset['key'] === key) {
    return;
  }
  body.dataset['key'] = key;
  if (newestFirst.length === 0) {
    const row = create('tr', 'none');
    const cell = create('td', '', 'Nothing so far.');
    cell.colSpan = 3;
    row.append(cell);
    body.replaceChildren(row);
    return;
  }
  body.replaceChildren(...newestFirst.map((event) => {
    const row = create('tr');
    const time = create('td', 'time', clock(event.time));
    time.title = event.time;
    const kind = create('td', 'kind', event.kind);
    kind.dataset['kind'] = event.kind;
    row.append(time, kind, create('td', '', event.text));
    return row;
  }));
}

/** One line above everything where there is nothing to show. */
export function showNotice(text: string | null): void {
  const element = byId('notice');
  element.hidden = text === null;
  setText(element, text ?? '');
}

/** Where the run that is shown can be had as a file. */
export function showDownloads(run: string | null): void {
  byId('downloads').hidden = run === null;
  if (run !== null) {
    byId<HTMLAnchorElement>('download-csv').href = downloadAddress(run, 'csv');
    byId<HTMLAnchorElement>('download-training').href = downloadAddress(run, 'csv', 'training');
    byId<HTMLAnchorElement>('download-json').href = downloadAddress(run, 'json');
    byId<HTMLAnchorElement>('download-npz').href = downloadAddress(run, 'npz');
  }
}
