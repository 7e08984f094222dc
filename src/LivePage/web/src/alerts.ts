// The list of alerts. The host is asked, not listened to: an alert may begin or end because nothing happens.
import { fetchAlerts } from './api';
import type { Alert } from './contract';
import { byId, create } from './dom';
import { clock } from './format';

const EVERY_MILLISECONDS = 10_000;
const LEAST_MILLISECONDS = 2_000;

const WEIGHT: Record<string, number> = { critical: 0, warning: 1, info: 2 };

/** The alerts that are active, the most urgent first: firing before pending, critical before warning, the oldest first. */
export function urgentFirst(alerts: readonly Alert[]): Alert[] {
  const rank = (alert: Alert): number => (alert.state === 'firing' ? 0 : 10) + (WEIGHT[alert.severity ?? 'info'] ?? 3);
  return alerts
    .filter(({ state }) => state === 'firing' || state === 'pending')
    .sort((a, b) => rank(a) - rank(b) || (a.active_at ?? '').localeCompare(b.active_at ?? '') || a.name.localeCompare(b.name));
}

/** CurvatureInstabilityImminent as a person says it. */
export function spoken(name: string): string {
  const words = name.replace(/^Curvature(?=[A-Z])/, '').replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words;
}

/** A link that a browser may follow: nothing but http and https, or a place on this host. */
export function safeAddress(address: string | undefined, base: string): string | null {
  try {
    const url = new URL(address ?? '', base);
    return address && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : null;
  } catch {
    return null;
  }
}

/** Keeps the list of alerts true. `look` asks soon, for something happened. */
export function watchAlerts(): { look: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedAt = -LEAST_MILLISECONDS;
  const ask = async (): Promise<void> => {
    askedAt = performance.now();
    try {
      const alerts = await fetchAlerts();
      show(alerts);
      plan(alerts === null ? null : EVERY_MILLISECONDS);
    } catch {
      // The connection is lost: what was known stays, and the event stream says when the host is back.
      plan(EVERY_MILLISECONDS);
    }
  };
  const plan = (delay: number | null): void => {
    clearTimeout(timer);
    if (delay !== null) {
      timer = setTimeout(() => void ask(), delay);
    }
  };
  return { look: () => plan(Math.max(0, askedAt + LEAST_MILLISECONDS - performance.now())) };
}

let shown = '';
let seen = false;

function show(alerts: readonly Alert[] | null): void {
  const active = urgentFirst(alerts ?? []);
  // An empty list may also mean that nobody watches: "none" is said only where there was one before.
  seen ||= active.length > 0;
  byId('alerts-card').hidden = alerts === null || !seen;
  const key = JSON.stringify(active);
  if (key === shown) {
    return;
  }
  shown = key;
  byId('alerts-none').hidden = active.length > 0;
  byId('alerts').replaceChildren(...active.map(row));
}

function row(alert: Alert): HTMLLIElement {
  const item = create('li');
  item.dataset['severity'] = alert.severity ?? 'info';
  item.dataset['state'] = alert.state;
  const name = create('b', 'name', spoken(alert.name));
  name.title = alert.name;
  const state = [alert.severity, alert.state === 'pending' ? 'pending' : undefined].filter((part) => part !== undefined).join(', ');
  const place = [alert.run, alert.active_at === undefined ? undefined : `since ${clock(alert.active_at)}`].filter((part) => part !== undefined).join(', ');
  item.append(name, create('span', 'level', state), create('span', 'summary', alert.summary ?? ''), create('span', 'since', place));
  const address = safeAddress(alert.runbook_url, document.baseURI);
  if (address !== null) {
    const link = create('a', '', 'What to do');
    link.href = address;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    link.setAttribute('aria-label', `What to do about ${spoken(alert.name)}`);
    item.append(link);
  }
  return item;
}
