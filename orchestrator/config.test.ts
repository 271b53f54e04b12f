import { describe, expect, it } from 'vitest'
import { parseConfig } from './config.ts'

describe('config.yml', () => {
  it('needs nothing but addresses', () => {
    expect(parseConfig('addresses: [10.0.0.1]', 'config.yml')).toMatchObject({
      heartbeatMs: 5000,
      listen: {
        enrol: '0.0.0.0:7441',
        mesh: '0.0.0.0:7442',
        metrics: '127.0.0.1:7444',
        socket: '/run/drover/drover.sock',
      },
      packages: { commandPrefix: [] },
    })
  })

  it('names every mistake', () => {
    const text = 'adresses: [x]\nlisten: { enrol: 7441, socket: here, colour: red }'
    try {
      parseConfig(text, '/etc/config.yml')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('/etc/config.yml') })
      const paths = (error as { problems: readonly { path: string }[] }).problems.map(({ path }) => path)
      expect(paths).toEqual(expect.arrayContaining(['addresses', 'listen.enrol', 'listen.socket', 'listen', '']))
    }
  })

  it('says when it is no YAML', () => {
    expect(() => parseConfig('a: [', 'config.yml')).toThrow('config.yml is no YAML')
  })
})
