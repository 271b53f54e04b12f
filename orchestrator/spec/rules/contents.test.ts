import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('the template of all databases', () => {
  it('has schemas and extensions by the rules of a database', () => {
    const file = inCluster(`
      template: { schemas: [{ name: s, owner: ghost }], extensions: [{ name: hstore, schema: elsewhere }] }
    `)
    expect(told(file)).toEqual([
      "5 clusters[0].template.schemas[0].owner unknown-owner: schema `s` is owned by `ghost`, which is not a user of this cluster → Add `- name: ghost` to the cluster's `users`.",
      "5 clusters[0].template.extensions[0].schema unknown-schema: extension `hstore` wants schema `elsewhere`, which the template does not declare → Add `elsewhere` to the template's `schemas`.",
    ])
  })
})
