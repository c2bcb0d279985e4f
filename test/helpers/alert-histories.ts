/**
 * Random histories of one alert as one or two Alertmanagers tell them: two Prometheus with starts up to a minute apart, repeats, retries,
 * peers that are late, firing reports that echo after a resolution, resolutions that were false, `send_resolved: false`.
 */
import type { AlertFacts } from "../../src/state/alert-episode.ts";

/** A report that arrives; which episode it speaks of is what nobody tells us. */
export interface Arrival {
  readonly episode: number;
  readonly facts: AlertFacts;
}

export interface History {
  /** In the order of their acceptance. */
  readonly arrivals: readonly Arrival[];
  /** How often each episode's firing should be worked; 0 where no report of it was sent. */
  readonly wanted: readonly number[];
}

export type Random = () => number;

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The same numbers for the same seed, on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomHistory(random: Random): History {
  const between = (least: number, most: number): number => least + random() * (most - least);
  const chance = (of: number): boolean => random() < of;
  const setting = { sendsResolved: chance(0.85), peers: chance(0.7) ? 2 : 1, falseResolution: chance(0.15) };
  const arrivals: Arrival[] = [];
  const wanted: number[] = [];
  let free = 0;
  const count = 1 + Math.floor(between(0, 3));
  for (let episode = 0; episode < count; episode += 1) {
    const start = free + between(6 * MINUTE, 60 * MINUTE);
    const end = start + between(2 * MINUTE, 480 * MINUTE);
    const told = episodeOf({ ...setting, start, end }, { between, chance });
    arrivals.push(...told.reports.map(({ at, ...facts }) => ({ episode, facts: { ...facts, acceptedAt: at } })));
    wanted.push(told.reports.some(({ status }) => status === "firing") ? told.wanted : 0);
    // The next firing begins when all that was to be told of this one has been told.
    free = end + 6.5 * MINUTE;
  }
  arrivals.sort((a, b) => a.facts.acceptedAt - b.facts.acceptedAt);
  return { arrivals, wanted };
}

interface Report {
  readonly at: number;
  readonly status: "firing" | "resolved";
  readonly startsAt: number;
  readonly endsAt?: number;
}

interface Episode {
  readonly start: number;
  readonly end: number;
  readonly peers: number;
  readonly sendsResolved: boolean;
  readonly falseResolution: boolean;
}

interface Dice {
  between(least: number, most: number): number;
  chance(of: number): boolean;
}

function episodeOf(episode: Episode, dice: Dice): { reports: Report[]; wanted: number } {
  const reports: Report[] = [];
  for (let peer = 0; peer < episode.peers; peer += 1) reports.push(...peerReports(episode, peer, dice));
  const { start, end, peers, sendsResolved, falseResolution } = episode;
  if (!falseResolution || !sendsResolved || peers > 1 || end - start <= 120 * MINUTE) return { reports, wanted: 1 };
  // Prometheus was away for long enough for Alertmanager to time the alert out, and it goes on with the same start.
  const timedOut = start + 60 * MINUTE;
  const back = timedOut + dice.between(30 * SECOND, 20 * MINUTE);
  reports.push({ at: timedOut + 20 * SECOND, status: "resolved", startsAt: start, endsAt: timedOut });
  reports.push({ at: back, status: "firing", startsAt: start });
  return { reports, wanted: 2 };
}

function peerReports(episode: Episode, peer: number, dice: Dice): Report[] {
  const { start, end, sendsResolved } = episode;
  // One peer in three heard first of the Prometheus whose alert began later; it merges to the earlier start afterwards.
  const firstStart = start + (dice.chance(0.3) ? dice.between(0, 60 * SECOND) : 0);
  const times = peer === 0 || dice.chance(0.3) ? firingTimes(episode, peer, dice) : [];
  const reports: Report[] = [];
  times.forEach((time, index) => {
    const report = { status: "firing" as const, startsAt: index === 0 ? firstStart : start };
    reports.push({ ...report, at: time + dice.between(0, 5 * SECOND) });
    if (dice.chance(0.3)) reports.push({ ...report, at: time + dice.between(5 * SECOND, 25 * SECOND) });
  });
  const last = times.at(-1);
  if (last === undefined || !sendsResolved) return reports;
  const endsAt = end + (peer > 0 && dice.chance(0.2) ? dice.between(0, 4 * MINUTE) : 0);
  const at = Math.max(endsAt, last) + dice.between(10 * SECOND, 5 * MINUTE) + peer * 15 * SECOND;
  const resolution = { status: "resolved" as const, startsAt: start, endsAt };
  reports.push({ ...resolution, at });
  if (dice.chance(0.2)) reports.push({ ...resolution, at: at + dice.between(SECOND, 20 * SECOND) });
  if (peer === 0 && episode.peers > 1 && dice.chance(0.2)) {
    // https://github.com/prometheus/alertmanager/issues/2447
    const echo = at + dice.between(5 * SECOND, 40 * SECOND);
    reports.push({ at: echo, status: "firing", startsAt: start });
    reports.push({ ...resolution, at: echo + dice.between(5 * SECOND, 30 * SECOND) });
  }
  return reports;
}

function firingTimes({ start, end }: Episode, peer: number, dice: Dice): number[] {
  const times: number[] = [];
  let time = start + 75 * SECOND + dice.between(0, 20 * SECOND) + peer * 15 * SECOND;
  while (time < end) {
    times.push(time);
    time += dice.between(5 * MINUTE, 240 * MINUTE);
  }
  return times;
}
