def open_tunnel(id, vni, mtu):
    p = S.probe[int(id)]
    device, net = 'drvx%dp%s' % (os.getpid(), id), S.net[p['net']]
    tunnel = S.tunnel[int(id)] = {'vni': int(vni)}
    own = mac_text(inner_mac(int(id), S.me, 2))
    add = ('ip link add %s address %s mtu %s type vxlan id %s local %s dstport %s nolearning ttl 64'
           % (device, own, mtu, vni, net['address'], p['number']))
    status, problem = shell('%s df set 2>&1 || %s' % (add, add))
    if status:
        return answer('tunnel', id, '-', tidy(problem))
    tunnel['device'] = device
    status, problem = shell('ip link set %s addrgenmode none; ip link set %s up' % (device, device))
    if not status:
        status, problem = shell('bridge -batch -', forwarding(int(id), device, net))
    if status:
        remove_device(tunnel.pop('device'))
        return answer('tunnel', id, '-', tidy(problem))
    tunnel['socket'] = tap(socket.SOCK_RAW, device)
    listen_to(tunnel['socket'], lambda frame, from_: note_tunnel(frame) if from_[2] != OUTGOING else None)
    answer('tunnel', id, device)


def forwarding(id, device, net):
    return ''.join('fdb add %s dev %s dst %s\n' % (mac_text(inner_mac(id, peer)), device, address)
                   for peer, address in net['peers'].items() if peer != S.me)
