/**
 * What BullMQ does not do, as Lua that works on its keys. It knows of BullMQ 6.7: lists `wait` and `active` and sorted set
 * `prioritized` of job ids; score = priority · 2³² + a place below 2³²; a job's hash at prefix + id, with `data`, `name`,
 * `priority`, `progress`, `processedOn`, `ats` (how often it was begun) and `stc` (how often its worker vanished);
 * its lock at prefix + id + `:lock`; the set `stalled` of ids whose locks nobody has renewed since the last check.
 * Own fields of the hash: `turn` and `crashes`. All keys carry one hash tag, so any of them may be touched in a cluster.
 */
import { Script } from '../../redis/script.ts';

/**
 * A job was added: gives it its turn (fairness.ts), puts it there in line and counts its seconds. Done twice, it changes nothing.
 * The whole part of its place is the turn; 19 bits of fraction, all that a double has left, keep equal turns in order of arrival.
 *
 * Keys: job, prioritized, ends of the workspace's turns by job, now by priority, arrivals, seconds by job, sum of the seconds.
 * Values: id, priority, length of the turn, seconds.
 */
export const enter = new Script(`
  local job, prioritized, ends, nows, arrivals, each, sum = unpack(KEYS)
  local id, priority, length, seconds = unpack(ARGV)
  if redis.call('EXISTS', job) == 0 or redis.call('HEXISTS', job, 'turn') == 1 then return end
  local now = tonumber(redis.call('HGET', nows, priority) or 0)
  redis.call('ZREMRANGEBYSCORE', ends, '-inf', now)
  local last = redis.call('ZRANGE', ends, -1, -1, 'WITHSCORES')
  local turn = math.min(tonumber(last[2] or now), 2 ^ 32 - 2)
  redis.call('ZADD', ends, turn + length, id)
  redis.call('HSET', job, 'turn', turn)
  local arrival = redis.call('INCR', arrivals) % 2 ^ 19
  redis.call('ZADD', prioritized, 'XX', priority * 2 ^ 32 + turn + arrival / 2 ^ 19, id)
  redis.call('HSET', each, id, seconds)
  redis.call('INCRBYFLOAT', sum, seconds)
`);

/**
 * A job has left: its workspace's next one need not queue behind it, and its seconds count no more.
 * Keys: ends of the workspace's turns by job, seconds by job, their sum. Values: id.
 */
export const leave = new Script(`
  local ends, each, sum = unpack(KEYS)
  local id = ARGV[1]
  redis.call('ZREM', ends, id)
  local seconds = redis.call('HGET', each, id)
  if not seconds then return end
  redis.call('HDEL', each, id)
  redis.call('INCRBYFLOAT', sum, -seconds)
  -- An empty queue owes nothing, not even rounding errors.
  if redis.call('HLEN', each) == 0 then redis.call('DEL', sum) end
`);

/** Counts no more the seconds of jobs that left without `leave`. Keys: seconds by job, their sum. Values: prefix. */
export const recount = new Script(`
  local each, sum = unpack(KEYS)
  local all = redis.call('HGETALL', each)
  local total = 0
  for i = 1, #all, 2 do
    if redis.call('EXISTS', ARGV[1] .. all[i]) == 1 then
      total = total + all[i + 1]
    else
      redis.call('HDEL', each, all[i])
    end
  end
  redis.call('SET', sum, total)
`);

/** A job was begun: its turn is now, and its progress starts anew. Keys: job, now by priority. Values: priority. Answers its crashes. */
export const beginTurn = new Script(`
  local job, nows = unpack(KEYS)
  local priority = ARGV[1]
  local turn = tonumber(redis.call('HGET', job, 'turn'))
  if turn and turn > tonumber(redis.call('HGET', nows, priority) or 0) then redis.call('HSET', nows, priority, turn) end
  redis.call('HDEL', job, 'progress')
  return tonumber(redis.call('HGET', job, 'crashes') or 0)
`);

/** Keys: job. */
export const countCrash = new Script(`
  if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HINCRBY', KEYS[1], 'crashes', 1) end
`);

/**
 * Renews locks. One that ran out unseen, in an outage, is taken again when the job has not been begun anew since.
 * Keys: active, stalled. Values: prefix, milliseconds, then id, token and `ats` of each. Answers the ids that belong to others now.
 */
export const renewLocks = new Script(`
  local active, stalled = unpack(KEYS)
  local prefix, milliseconds = ARGV[1], ARGV[2]
  local lost = {}
  for i = 3, #ARGV, 3 do
    local id, token, begun = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local lock = prefix .. id .. ':lock'
    local owner = redis.call('GET', lock)
    local isOurs = owner == token
    if not owner then
      isOurs = redis.call('HGET', prefix .. id, 'ats') == begun and redis.call('LPOS', active, id)
    end
    if isOurs then
      redis.call('SET', lock, token, 'PX', milliseconds)
      redis.call('SREM', stalled, id)
    else
      lost[#lost + 1] = id
    end
  end
  return lost
`);

/**
 * Whether to look for vanished workers now: once per interval in the whole fleet. After a longer silence nobody could renew
 * a lock, so everybody gets another interval for that. Keys: time of the last look, stalled. Values: interval in milliseconds.
 */
export const mayLookForStalled = new Script(`
  local looked, stalled = unpack(KEYS)
  local interval = tonumber(ARGV[1])
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local since = now - tonumber(redis.call('GET', looked) or 0)
  if since >= 0 and since < interval then return 0 end
  redis.call('SET', looked, now)
  if since <= 3 * interval then return 1 end
  redis.call('DEL', stalled)
  return 0
`);

/** Keys: active. Values: prefix, ids. Answers `[id, milliseconds when begun or '' while it waits, progress]` of those that exist. */
export const readStates = new Script(`
  local prefix = ARGV[1]
  local running = {}
  for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do running[id] = true end
  local states = {}
  for i = 2, #ARGV do
    local id = ARGV[i]
    local name, begun, progress = unpack(redis.call('HMGET', prefix .. id, 'name', 'processedOn', 'progress'))
    if name then states[#states + 1] = { id, running[id] and begun or '', progress or '0' } end
  end
  return states
`);

/**
 * Keys: active, wait, prioritized, sum of seconds. Values: prefix, number of priorities.
 * Answers the number of running jobs, seconds that run, less what is done, seconds that wait, and the waiting jobs of each priority.
 */
export const countJobs = new Script(`
  local active, wait, prioritized, sum = unpack(KEYS)
  local prefix, priorities = ARGV[1], tonumber(ARGV[2])
  local queued = {}
  for priority = 1, priorities do
    queued[priority] = redis.call('ZCOUNT', prioritized, priority * 2 ^ 32, '(' .. (priority + 1) * 2 ^ 32)
  end
  -- Only those wait here whose workers vanished.
  for _, id in ipairs(redis.call('LRANGE', wait, 0, -1)) do
    local priority = tonumber(redis.call('HGET', prefix .. id, 'priority'))
    if queued[priority] then queued[priority] = queued[priority] + 1 end
  end
  local running = redis.call('LRANGE', active, 0, -1)
  local activeSeconds, leftSeconds = 0, 0
  for _, id in ipairs(running) do
    local data, progress = unpack(redis.call('HMGET', prefix .. id, 'data', 'progress'))
    if data then
      local seconds = cjson.decode(data).seconds
      activeSeconds = activeSeconds + seconds
      leftSeconds = leftSeconds + seconds * (1 - (progress or 0))
    end
  end
  local queuedSeconds = math.max(0, (redis.call('GET', sum) or 0) - activeSeconds)
  local function text(number) return string.format('%.17g', number) end
  return { #running, text(leftSeconds), text(queuedSeconds), unpack(queued) }
`);

/** Keys: active, wait, prioritized. Values: prefix. Answers id, workspace, id, workspace… of all jobs. */
export const listJobs = new Script(`
  local active, wait, prioritized = unpack(KEYS)
  local jobs = {}
  local function add(ids)
    for _, id in ipairs(ids) do
      local workspace = redis.call('HGET', ARGV[1] .. id, 'name')
      if workspace then
        jobs[#jobs + 1] = id
        jobs[#jobs + 1] = workspace
      end
    end
  end
  add(redis.call('LRANGE', active, 0, -1))
  add(redis.call('LRANGE', wait, 0, -1))
  add(redis.call('ZRANGE', prioritized, 0, -1))
  return jobs
`);
