import { create } from '../dom';

/** A row of buttons of which one is pressed. The reader's choice is remembered by the browser under `key`. */
export class Choice<T extends string> {
  readonly element = create('div', 'choice');
  value: T;
  private readonly buttons = new Map<T, HTMLButtonElement>();

  constructor(label: string, private readonly key: string, options: readonly (readonly [T, string])[], initial: T, changed: () => void) {
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', label);
    const remembered = recall(key);
    this.value = options.find(([value]) => value === remembered)?.[0] ?? initial;
    for (const [value, text] of options) {
      const button = create('button', '', text);
      button.type = 'button';
      button.addEventListener('click', () => {
        this.value = value;
        remember(this.key, value);
        this.show();
        changed();
      });
      this.buttons.set(value, button);
      this.element.append(button);
    }
    this.show();
  }

  private show(): void {
    for (const [value, button] of this.buttons) {
      button.setAttribute('aria-pressed', String(value === this.value));
    }
  }
}

// A browser may forbid storage; the choice then lasts as long as the page.
function recall(key: string): string | null {
  try {
    return localStorage.getItem(`curvature.${key}`);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`curvature.${key}`, value);
  } catch {
    // Nothing to mend.
  }
}
