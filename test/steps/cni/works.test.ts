import { describe, expect, it } from 'vitest';
import { recipes } from '../../../src/steps/cni/recipes.js';
import { worksProblems, worksScript } from '../../../src/steps/cni/works.js';
import { INPUT } from './support/nodes.js';

const recipe = (() => {
  const found = recipes['lab-daemonset'];
  if (found === undefined) throw new Error('no recipe');
  return found;
})();

const WHOLE = `device BROADCAST,MULTICAST,UP,LOWER_UP
address 10.42.128.0/32
route default via 10.0.0.254 dev eth0
route 10.42.0.0/24 via 10.42.0.0 dev flannel.1 onlink
route 10.42.128.64/26 via 10.42.128.64 dev labnet.1 onlink
route 10.42.128.128/26 via 10.42.128.128 dev labnet.1 onlink
route 10.42.128.0/26 dev labnet0 proto kernel scope link src 10.42.128.1
`;

const problems = (stdout: string) => worksProblems(recipe, INPUT, stdout);

describe('what a network must have made on a host', () => {
  it('is all there', () => {
    expect(problems(WHOLE)).toEqual([]);
  });

  it.each([
    [
      'a device that is missing',
      /^device.*\naddress.*\n/,
      'device \naddress \n',
      'the device labnet.1 is missing',
    ],
    ['a device that is down', /UP,LOWER_UP/, 'NO-CARRIER', 'the device labnet.1 is down'],
    ['a device without address', /address .*/, 'address ', 'the device labnet.1 has no address'],
    ['a route to another node', /route 10\.42\.128\.64.*\n/, '', '1 of 2 routes to other nodes are there'],
    [
      'a route that leads over another device',
      /10\.42\.128\.64 dev labnet\.1/,
      '10.42.128.64 dev eth0',
      '1 of 2 routes to other nodes are there',
    ],
    ['a plugin', /$/, 'plugin labnet-bridge\n', 'the plugin /bin/labnet-bridge is missing'],
    [
      'the configuration that its pods leave',
      /$/,
      'staged\n',
      '/var/lib/labnet/05-labnet.conflist is missing',
    ],
  ])('is told: %s', (_what, find, put, told) => {
    expect(problems(WHOLE.replace(find, put))).toEqual([told]);
  });

  it('is asked of the host in one go, quoted', () => {
    expect(worksScript(recipe, INPUT)).toMatchInlineSnapshot(`
      "echo "device $(ip -o link show dev 'labnet.1' 2>/dev/null | sed 's/.*<\\(.*\\)>.*/\\1/')"
      echo "address $(ip -o address show dev 'labnet.1' scope global 2>/dev/null | awk '{ print $4 }' | head -n 1)"
      ip -4 -o route show 2>/dev/null | sed 's/^/route /'
      [ -x '/bin/labnet-bridge' ] || echo 'plugin labnet-bridge'
      [ -x '/bin/labnet-host-local' ] || echo 'plugin labnet-host-local'
      [ -x '/bin/labnet-portmap' ] || echo 'plugin labnet-portmap'
      [ -s '/var/lib/labnet/05-labnet.conflist' ] || echo staged
      true"
    `);
  });
});
