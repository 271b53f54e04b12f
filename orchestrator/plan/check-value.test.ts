import { describe, expect, it } from 'vitest'
import { checkValue, parsePgBoolean } from './check-value.ts'
import { knownParameters } from './parameter-catalogue.ts'
import { typedParameters } from './parameter-types.ts'

describe.each([14, 15, 16, 17, 18])('a value of a parameter of PostgreSQL %i', major => {
  it.each([
    ['work_mem', '4MB'],
    ['work_mem', ' 4 MB '],
    ['work_mem', '1.5GB'],
    ['work_mem', '65536B'],
    ['work_mem', '64'],
    ['shared_buffers', '16'],
    ['shared_buffers', '128kB'],
    ['autovacuum_work_mem', '-1'],
    ['max_wal_size', '1TB'],
    ['maintenance_work_mem', '1MB'],
    ['statement_timeout', '1.5 min'],
    ['statement_timeout', '0'],
    ['deadlock_timeout', '1000us'],
    ['checkpoint_timeout', '1d'],
    ['log_min_duration_statement', '-1'],
    ['autovacuum_vacuum_cost_delay', '0.5ms'],
    ['max_connections', '100'],
    ['max_connections', '1e2'],
    ['max_connections', '0x64'],
    ['log_file_mode', '0640'],
    ['random_page_cost', '1.1'],
    ['random_page_cost', '.5'],
    ['seq_page_cost', '1e300'],
    ['fsync', 'on'],
    ['fsync', 'TRUE'],
    ['fsync', 'y'],
    ['fsync', '1'],
    ['jit', 'of'],
    ['jit', 'fal'],
    ['jit', 'No'],
    ['wal_level', 'Logical'],
    ['wal_level', 'hot_standby'],
    ['huge_pages', 'try'],
    ['huge_pages', 'yes'],
    ['client_min_messages', 'debug'],
    ['default_transaction_isolation', 'repeatable read'],
    ['search_path', 'anything, at all'],
    ['cron.database_name', '4XB'],
  ])('may be %s = "%s"', (name, value) => {
    expect(checkValue({ name, value, major })).toBeUndefined()
  })

  it.each([
    ['work_mem', '4XB', 'is not a size; write 4MB (64kB to 2147483647kB)'],
    ['work_mem', '4mb', 'is not a size; write 4MB (64kB to 2147483647kB)'],
    ['work_mem', '2GiB', 'is not a size; write 2GB (64kB to 2147483647kB)'],
    ['work_mem', '10min', 'is not a size; write 10MB (64kB to 2147483647kB)'],
    ['work_mem', 'lots', 'is not a size; write 64kB to 2147483647kB'],
    ['work_mem', '4kB', 'is out of range; write 64kB to 2147483647kB'],
    ['work_mem', '', 'is not a size; write 64kB to 2147483647kB'],
    ['shared_buffers', '8', 'is out of range; write 128kB to 8589934584kB'],
    ['statement_timeout', '30sec', 'is not a duration; write 30s (0 to 2147483647ms)'],
    ['statement_timeout', '5 minutes', 'is not a duration; write 5min (0 to 2147483647ms)'],
    ['statement_timeout', '-1', 'is out of range; write 0 to 2147483647ms'],
    ['checkpoint_timeout', '2d', 'is out of range; write 30s to 86400s'],
    ['max_connections', 'many', 'is not a whole number; write 1 to 262143'],
    ['max_connections', '100MB', 'is not a whole number; write 100 (1 to 262143)'],
    ['max_connections', 'on', 'is not a whole number; write 1 to 262143'],
    ['max_connections', '.5', 'is out of range; write 1 to 262143'],
    ['max_connections', '0', 'is out of range; write 1 to 262143'],
    ['max_connections', '089', 'is not a whole number; write 1 to 262143'],
    ['log_file_mode', '640', 'is out of range; write 0 to 511'],
    ['random_page_cost', 'cheap', 'is not a number; write 0 or more'],
    ['random_page_cost', '-1', 'is out of range; write 0 or more'],
    ['checkpoint_completion_target', '1.5', 'is out of range; write 0 to 1'],
    ['fsync', 'o', 'is neither on nor off; write on or off'],
    ['fsync', '2', 'is neither on nor off; write on or off'],
    ['fsync', '', 'is neither on nor off; write on or off'],
    ['wal_level', 'replicas', 'is not one of its values; write minimal, replica or logical'],
    ['wal_level', 'on', 'is not one of its values; write minimal, replica or logical'],
    ['huge_pages', 'y', 'is not one of its values; write off, on or try'],
  ])('may not be %s = "%s"', (name, value, reason) => {
    expect(checkValue({ name, value, major })).toMatchObject({ reason })
  })
})

describe('what is known of values', () => {
  it('follows the major', () => {
    expect(checkValue({ name: 'maintenance_work_mem', value: '64kB', major: 17 })).toBeUndefined()
    expect(checkValue({ name: 'maintenance_work_mem', value: '64kB', major: 15 })?.reason).toContain('1024kB')
    expect(checkValue({ name: 'log_connections', value: 'receipt', major: 17 })).toBeDefined()
    expect(checkValue({ name: 'log_connections', value: 'receipt', major: 18 })).toBeUndefined()
  })

  it('suggests the label that was meant', () => {
    expect(checkValue({ name: 'wal_level', value: 'replicas', major: 17 })?.hint).toBe('Did you mean `replica`?')
  })

  it('is about parameters that exist', () => {
    const known = new Set([14, 15, 16, 17, 18].flatMap(knownParameters))
    expect(typedParameters().filter(name => !known.has(name))).toEqual([])
    expect(new Set(typedParameters()).size).toBeGreaterThan(250)
  })

  it('tells on from off', () => {
    expect(['on', 'tr', 'YES', '1'].map(parsePgBoolean)).toEqual([true, true, true, true])
    expect(['off', 'f', 'No', '0'].map(parsePgBoolean)).toEqual([false, false, false, false])
  })
})
