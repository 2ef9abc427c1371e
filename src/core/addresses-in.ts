import { contains, parseAddress, parseCidr } from './cidr.js';

/** Not an address of a service: this host, nobody, link-local, masks and multicast. */
const HARMLESS = ['127.0.0.0/8', '0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].flatMap((text) => {
  const range = parseCidr(text);
  return range === undefined ? [] : [range];
});

/** Four numbers that stand alone: no version (v1.2.3.4, 1.2.3.4.5, 1.2.3.4-rc1) and no range (10.0.0.0/8). */
const CANDIDATE = /(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3})(?![\w-]|\.\d|\/\d)/g;

/** IPv4 addresses of services in a text, each once, in their order. */
export const addressesIn = (text: string): readonly string[] => {
  const found = [...text.matchAll(CANDIDATE)].flatMap(([, candidate = '']) => {
    const address = parseAddress(candidate);
    if (address === undefined || HARMLESS.some((range) => contains(range, address))) return [];
    return [candidate];
  });
  return [...new Set(found)];
};
