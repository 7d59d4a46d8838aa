/** The columns that the totals need, as they are declared to DuckDB: the others are not decoded. */
const columns = `{
  run_id: 'VARCHAR', status: 'VARCHAR', duration_seconds: 'DOUBLE', control_plane_status: 'VARCHAR',
  instance_stats: 'STRUCT(attempts BIGINT)[]', privacy_events: 'STRUCT(sequence BIGINT)[]',
  tfgrpo_epoch: 'BIGINT', tfgrpo_group_size: 'DOUBLE', tool_calls: 'BIGINT', token_total: 'BIGINT',
  cost_usd: 'DOUBLE', latency_ms: 'DOUBLE',
  tool_stats: 'STRUCT(tool VARCHAR, tokens BIGINT, cost_usd DOUBLE, latency_ms DOUBLE)[]',
  learning_validation_status: 'VARCHAR', learning_snapshot_status: 'VARCHAR',
  learning_alerts: 'BIGINT', learning_review_rejections: 'BIGINT',
  learning_review_latency_ms: 'DOUBLE', learning_regressions_detected: 'BIGINT',
  learning_pattern_promoted: 'BIGINT', learning_pattern_deprecated: 'BIGINT',
  learning_throughput_candidates: 'BIGINT'
}`;

const sums = `
  select count(*), count(*) filter (status = 'succeeded'),
    count(*) filter (lists[1] = 0), count(*) filter (lists[2] = 0),
    count(*) filter (coalesce(control_plane_status, 'unknown') in ('', 'unknown')),
    avg(duration_seconds),
    sum(learning_review_rejections), sum(learning_regressions_detected),
    sum(learning_pattern_promoted), sum(learning_pattern_deprecated),
    sum(learning_throughput_candidates), sum(learning_alerts),
    count(*) filter (learning_validation_status = 'validated'),
    count(*) filter (learning_snapshot_status = 'snapshot_failed'), avg(learning_review_latency_ms)
  from first_entries`;

const epochs = `
  select tfgrpo_epoch, count(*), sum(tool_calls), sum(token_total), sum(latency_ms),
    avg(tfgrpo_group_size), sum(cost_usd)
  from first_entries where tfgrpo_epoch is not null group by 1 order by 1`;

const tools = `
  select tfgrpo_epoch, each.tool, count(*), sum(each.tokens), sum(each.latency_ms), sum(each.cost_usd)
  from (select tfgrpo_epoch, unnest(tool_stats) as each from first_entries where tfgrpo_epoch is not null)
  group by 1, 2 order by 1, 2`;

/**
 * Counts a history with DuckDB in the cheapest way found: one pass over the file into a table of what
 * the totals need, in the order of the file, and the first row of each run from that.
 *
 * @returns {Promise<import('./history-totals.mjs').Totals>}
 */
export async function countWithDuckDb(DuckDBInstance, path) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`
    create temp table entries as
    select * exclude (instance_stats, privacy_events),
      [coalesce(len(instance_stats), 0), coalesce(len(privacy_events), 0)] as lists
    from read_json('${path.replaceAll("'", "''")}', format = 'newline_delimited', columns = ${columns})`);
  await connection.run(`
    create temp view first_entries as
    select * from entries where rowid in (select min(rowid) from entries group by run_id)`);
  const rows = async (query) =>
    (await connection.runAndReadAll(query)).getRows().map((row) => row.map(plain));
  const [[runs, succeeded, ...rest]] = await rows(sums);
  const totals = {
    runs,
    succeeded,
    missing: rest.slice(0, 3),
    meanSeconds: rest[3],
    learning: rest.slice(4, 10),
    epochs: (await rows(epochs)).map((row) => row.slice(0, 6)),
    tools: (await rows(tools)).map((row) => row.slice(0, 5)),
  };
  connection.closeSync();
  return totals;
}

function plain(value) {
  return typeof value === 'bigint' ? Number(value) : value;
}
