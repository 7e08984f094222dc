import type { Alert, RunDocument, RunSummary, StreamEvents } from './contract';

// Addresses are relative to the page, so that it also works behind a proxy's path.

async function get<T>(address: string): Promise<T> {
  const response = await fetch(address, { headers: { accept: 'application/json' }, cache: 'no-store' });
  if (!response.ok) {
    throw new HttpError(response.status, address);
  }
  return (await response.json()) as T;
}

/** The host answered, but not with what was asked for. */
export class HttpError extends Error {
  constructor(readonly status: number, address: string) {
    super(`${address} answered ${status}`);
  }
}

export async function fetchRuns(): Promise<RunSummary[]> {
  return (await get<{ runs: RunSummary[] }>('api/runs')).runs;
}

/** Measurements a page: spectra of some hundred steps, which travel and parse in a moment. */
const PAGE = 400;

/** A run's history page by page, each with what came before it: a long run is drawn from its beginning while the rest is on its way. */
export async function* fetchHistory(run: string): AsyncGenerator<RunDocument> {
  const address = `api/runs/${encodeURIComponent(run)}/history?limit=${PAGE}`;
  let whole = await get<RunDocument>(address);
  yield whole;
  while (whole.next_after !== undefined) {
    whole = continued(whole, await get<RunDocument>(`${address}&after=${whole.next_after}`));
    yield whole;
  }
}

/** A history with its next page. What is no series, the run itself and its events, is newest in the latter. */
export function continued(whole: RunDocument, page: RunDocument): RunDocument {
  return { ...page, training: [...whole.training, ...page.training], measurements: [...whole.measurements, ...page.measurements] };
}

/** Alerts that the host knows of, or null where it knows of no alerting. */
export async function fetchAlerts(): Promise<Alert[] | null> {
  try {
    return await get<Alert[]>('api/alerts');
  } catch (error) {
    if (error instanceof HttpError && (error.status === 404 || error.status === 501)) {
      return null;
    }
    throw error;
  }
}

export type DownloadFormat = 'csv' | 'json' | 'npz';

/** Where everything known of a run can be had as a file. */
export function downloadAddress(run: string, format: DownloadFormat, table?: 'training'): string {
  return `api/runs/${encodeURIComponent(run)}/download?format=${format}${table ? `&table=${table}` : ''}`;
}

export type StreamHandlers = { [Name in keyof StreamEvents]: (data: StreamEvents[Name]) => void } & {
  /** The stream is open: from now on nothing is missed, but before something may have been. */
  opened: () => void;
  /** The stream broke; it is being opened again. */
  lost: () => void;
};

const RETRY_MILLISECONDS = 2000;

/** Listens to the host's event stream for as long as the page is open. */
export function listen(handlers: StreamHandlers): void {
  const source = new EventSource('api/events');
  source.onopen = () => handlers.opened();
  source.onerror = () => {
    handlers.lost();
    // The browser tries again by itself after a broken connection, but gives up after an answer that is no stream (a proxy's error page).
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => listen(handlers), RETRY_MILLISECONDS);
    }
  };
  const on = <Name extends keyof StreamEvents>(name: Name, handle: (data: StreamEvents[Name]) => void): void => {
    source.addEventListener(name, (message: MessageEvent<string>) => handle(JSON.parse(message.data) as StreamEvents[Name]));
  };
  on('run', handlers.run);
  on('training', handlers.training);
  on('measurement', handlers.measurement);
  on('event', handlers.event);
}
