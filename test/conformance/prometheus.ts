/** What every implementation of the Prometheus port must answer. The bodies are those of a real Prometheus 2.42. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Prometheus, Sample, Series } from "../../src/prometheus/prometheus.ts";

/** What is asked, what Prometheus sends, and what must be made of it. */
interface Conversation<T> {
  readonly about: string;
  readonly promql: string;
  readonly body: string;
  readonly answer: readonly T[];
}

/** Milliseconds. */
const at = 1_700_000_000_500;
const range = { start: 1_700_000_000_000, end: 1_700_000_060_000, stepSeconds: 30 };
const data = (result: string) => `{"status":"success","data":${result}}`;

/** At one time. */
export const samples: readonly Conversation<Sample>[] = [
  {
    about: "a vector, with its labels",
    promql: 'label_replace(vector(3), "pod", "web-0", "", "")',
    body: data('{"resultType":"vector","result":[{"metric":{"pod":"web-0"},"value":[1700000000.500,"3"]}]}'),
    answer: [{ labels: { pod: "web-0" }, at, value: 3 }],
  },
  {
    about: "a scalar, as a sample without labels",
    promql: "1",
    body: data('{"resultType":"scalar","result":[1700000000.5,"1"]}'),
    answer: [{ labels: {}, at, value: 1 }],
  },
  {
    about: "nothing",
    promql: "absent_metric",
    body: data('{"resultType":"vector","result":[]}'),
    answer: [],
  },
  {
    about: "infinity",
    promql: "vector(1) / 0",
    body: data('{"resultType":"vector","result":[{"metric":{},"value":[1700000000.500,"+Inf"]}]}'),
    answer: [{ labels: {}, at, value: Number.POSITIVE_INFINITY }],
  },
  {
    about: "negative infinity",
    promql: "vector(-1) / 0",
    body: data('{"resultType":"vector","result":[{"metric":{},"value":[1700000000.500,"-Inf"]}]}'),
    answer: [{ labels: {}, at, value: Number.NEGATIVE_INFINITY }],
  },
  {
    about: "what is no number",
    promql: "vector(0) / 0",
    body: data('{"resultType":"vector","result":[{"metric":{},"value":[1700000000.500,"NaN"]}]}'),
    answer: [{ labels: {}, at, value: Number.NaN }],
  },
  {
    about: "the last value of a query that is itself over a time",
    promql: "vector(7)[2m:1m]",
    body: data('{"resultType":"matrix","result":[{"metric":{},"values":[[1699999920,"7"],[1699999980,"7"]]}]}'),
    answer: [{ labels: {}, at: 1_699_999_980_000, value: 7 }],
  },
];

/** Over one minute. */
export const series: readonly Conversation<Series>[] = [
  {
    about: "series over a time",
    promql: 'label_replace(vector(time()), "pod", "web-0", "", "")',
    body: data(
      '{"resultType":"matrix","result":[{"metric":{"pod":"web-0"},"values":[[1700000000,"1700000000"],[1700000030,"1700000030"],[1700000060,"1700000060"]]}]}',
    ),
    answer: [
      {
        labels: { pod: "web-0" },
        points: [
          [1_700_000_000_000, 1_700_000_000],
          [1_700_000_030_000, 1_700_000_030],
          [1_700_000_060_000, 1_700_000_060],
        ],
      },
    ],
  },
  {
    about: "no series",
    promql: "absent_metric",
    body: data('{"resultType":"matrix","result":[]}'),
    answer: [],
  },
];

/** What is refused with its own words. */
export const mistake = {
  promql: "up{",
  status: 400,
  body: '{"status":"error","errorType":"bad_data","error":"invalid parameter \\"query\\": 1:4: parse error: unexpected end of input inside braces"}',
};

export interface PrometheusFixture {
  /** Under this signal. */
  readonly find: (signal: AbortSignal) => Promise<Prometheus>;
  readonly close: () => Promise<void>;
}

export function prometheusConformance(name: string, make: () => Promise<PrometheusFixture>): void {
  describe(`the Prometheus port on ${name}`, () => {
    let fixture: PrometheusFixture;
    beforeAll(async () => {
      fixture = await make();
    });
    afterAll(() => fixture.close());
    const find = () => fixture.find(new AbortController().signal);

    it.each(samples)("answers $about", async ({ promql, answer }) => {
      const prometheus = await find();
      expect(await prometheus.query(promql, { at })).toEqual(answer);
    });

    it.each(series)("answers $about", async ({ promql, answer }) => {
      const prometheus = await find();
      expect(await prometheus.queryRange(promql, range)).toEqual(answer);
    });

    it("refuses what is no query, in Prometheus's own words", async () => {
      const prometheus = await find();
      await expect(prometheus.query(mistake.promql)).rejects.toMatchObject({
        name: "PrometheusError",
        code: 400,
        reason: "bad_data",
        retryable: false,
        message: expect.stringContaining("unexpected end of input inside braces"),
      });
    });

    it("throws an action's own reason once it is over", async () => {
      const controller = new AbortController();
      const prometheus = await fixture.find(controller.signal);
      const reason = new Error("the action is over");
      controller.abort(reason);
      await expect(prometheus.query("1")).rejects.toBe(reason);
      await expect(prometheus.queryRange("1", range)).rejects.toBe(reason);
      await expect(fixture.find(controller.signal)).rejects.toBe(reason);
    });
  });
}
