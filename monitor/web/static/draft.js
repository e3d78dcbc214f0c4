// Settings as they are to become: what was changed, in order, until it is saved.

const begins = (path, above) => above.every((key, number) => path[number] === key);

export class Draft {
  #changes = [];

  /** `values` are the settings that count now. */
  constructor(values) { this.values = structuredClone(values); }

  /** What is sent: `{path, value}`, null for the default, or `{path, to}` for another name. */
  get changes() { return this.#changes.map(({ path, value, to }) => (to === undefined ? { path, value } : { path, to })); }

  get size() { return this.#changes.length; }

  at(path) { return path.reduce((section, key) => section?.[key], this.values); }

  set(path, value) {
    const known = this.#changes.find((each) => each.to === undefined && !each.isNew && each.path.join("\n") === path.join("\n"));
    if (known) known.value = value; else this.#changes.push({ path, value });
    this.#section(path)[path.at(-1)] = value;
  }

  /** Add an entry to a map, empty. */
  add(path) {
    this.#changes.push({ path, value: {}, isNew: true });
    this.#section(path)[path.at(-1)] = {};
  }

  remove(path) {
    const isNew = this.isNew(path);
    this.#changes = this.#changes.filter((each) => each.to !== undefined || !begins(each.path, path));
    if (!isNew) this.#changes.push({ path, value: null });
    delete this.#section(path)[path.at(-1)];
  }

  rename(path, to) {
    const above = path.slice(0, -1), section = this.#section(path);
    if (this.isNew(path)) {
      for (const each of this.#changes) if (begins(each.path, path)) each.path = [...above, to, ...each.path.slice(path.length)];
    } else this.#changes.push({ path, to });
    // In its place among the others.
    const entries = Object.entries(section).map(([key, value]) => [key === path.at(-1) ? to : key, value]);
    for (const key of Object.keys(section)) delete section[key];
    Object.assign(section, Object.fromEntries(entries));
  }

  forget() { this.#changes = []; }

  /** Whether an entry is not saved yet. */
  isNew(path) { return this.#changes.some((each) => each.isNew && each.path.join("\n") === path.join("\n")); }

  #section(path) {
    return path.slice(0, -1).reduce((section, key) => (section[key] ??= {}), this.values);
  }
}
