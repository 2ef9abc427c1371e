/** SHA-256 of `Documentation/kube-flannel.yml` at the tags of Flannel’s repository; v0.28.0 names an older program. */
export const FLANNEL_DIGESTS: Readonly<Record<string, string>> = {
  'v0.27.4': '2242ee218f3c3e724e4efe5f31826a3e38cfdabf334de41aee2b12b48fd4818d',
  'v0.28.1': '71746e943864ef4b9fa318ae46ae25b45095db9960a857f168e7b21561cecf16',
  'v0.28.2': 'd833bdd130f016315fa52bd974aa5b69a08b39cf545fc63ef33dfdca1fa3726d',
  'v0.28.3': 'baeb439f494c3329dc84d9f4fbd3a7b7cafb41e664e2bc0a80127b0348ab7012',
  'v0.28.4': '0bd380eb4954227c903bdea96dc9254650badd2d45ebe31978a47c3ffe2e9727',
  'v0.28.5': '8731070bca4303bbe7f7a0c7fbcab8d5fc6fb16a3f61629cbecea7bf6caab7ca',
  'v0.28.6': '36fdefbb805355c32a7b0f683ceb47e5085fa1b2b8c51e04ac8b981321e2c1cd',
  'v0.28.7': '9b886d8bf6c8f095d9dee07745c048f514a8800aa394968999d13d46cd0df8f6',
  'v0.28.8': 'd5ec6500c8050667ef5e6c4dc59b750075db8cf32f45b12961349208c5f326da',
  'v0.28.9': 'e875824be2f552b45711dbda91af81b17eb961d00025d914d9fef18fad8f09c0',
};
