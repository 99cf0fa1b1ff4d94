import { useCallback, useSyncExternalStore } from "react";

/**
 * Values by key with a subscription per key. A change wakes only the readers of
 * the keys that changed, and only once per batch. Snapshots are immutable: a
 * change puts a new one in place.
 */
export class Keyed<V> {
  private values = new Map<string, V>();
  private listeners = new Map<string, Set<() => void>>();
  private depth = 0;
  private changed = new Set<string>();

  get(key: string): V | undefined {
    return this.values.get(key);
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  keys(): IterableIterator<string> {
    return this.values.keys();
  }

  entries(): IterableIterator<[string, V]> {
    return this.values.entries();
  }

  get size(): number {
    return this.values.size;
  }

  set(key: string, value: V): void {
    if (Object.is(this.values.get(key), value) && this.values.has(key)) return;
    this.values.set(key, value);
    this.touch(key);
  }

  /** Sets a value without waking readers. */
  quietly(key: string, value: V): void {
    this.values.set(key, value);
  }

  delete(key: string): void {
    if (this.values.delete(key)) this.touch(key);
  }

  clear(): void {
    for (const key of this.values.keys()) this.touch(key);
    this.values.clear();
    if (this.depth === 0) this.flush();
  }

  /** Runs change and tells the readers once, after it. */
  batch(change: () => void): void {
    this.depth++;
    try {
      change();
    } finally {
      this.depth--;
      if (this.depth === 0) this.flush();
    }
  }

  subscribe(key: string, listener: () => void): () => void {
    let set = this.listeners.get(key);
    if (!set) {
      set = new Set();
      this.listeners.set(key, set);
    }
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.listeners.get(key) === set) this.listeners.delete(key);
    };
  }

  private touch(key: string): void {
    this.changed.add(key);
    if (this.depth === 0) this.flush();
  }

  private flush(): void {
    const keys = [...this.changed];
    this.changed.clear();
    for (const key of keys) {
      const set = this.listeners.get(key);
      if (set) for (const listener of [...set]) listener();
    }
  }
}

/** Reads one key and renders again when it changes. */
export function useKeyed<V>(store: Keyed<V>, key: string): V | undefined {
  const subscribe = useCallback((listener: () => void) => store.subscribe(key, listener), [store, key]);
  return useSyncExternalStore(subscribe, () => store.get(key));
}

/** One value that can be watched. */
export class Cell<V> {
  private listeners = new Set<() => void>();

  private value: V;

  constructor(value: V) {
    this.value = value;
  }

  get = (): V => this.value;

  set = (value: V): void => {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  };

  update(change: (value: V) => V): void {
    this.set(change(this.value));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export function useCell<V>(cell: Cell<V>): V {
  return useSyncExternalStore(cell.subscribe, cell.get);
}
