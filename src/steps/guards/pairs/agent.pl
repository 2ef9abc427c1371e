# Drover's pair prober. Runs in a pod with the host's own perl and needs nothing beyond Debian's perl-base. Every round it asks
# all its targets over new connections, and keeps a record on the host that lines.ts describes: changes, and up to when
# nothing changed. The record outlives this pod; a lock on it tells whether its writer lives.
use strict;
use warnings;
use Errno;
use Fcntl qw(:flock F_GETFL F_SETFL O_NONBLOCK);
use Socket;
use POSIX ();

use constant { ANSWER_MS => 900, LINGER_MS => 5000, QUIET_MS => 1500, FAREWELL_MS => 6000, FEW => 12, UNATTENDED_MS => 600_000 };
my %env = map { $_ => $ENV{$_} // '' } qw(KIND NODE ADDRESS EVERY PORT SERVICE_PORT SERVICE DNS DNS_NAME OUT);
my ($folder, $me, $is_pod) = ('/record', $env{NODE}, $env{KIND} eq 'pod');

# Hundredths of a second since about the boot, the same for every process of the host; never steps.
sub now { 10 * (POSIX::times())[0] }

# Never seen without its lock: it gets its name last.
my $name = "$folder/$env{KIND}-" . now() . "-$$";
open my $record, '>>', "$name.new" or die "$name: $!";
flock $record, LOCK_EX or die "$name: $!";
rename "$name.new", "$name.rec" or die "$name: $!";
sub tell_record { syswrite $record, join(' ', @_) . "\n" }
tell_record('H', now(), $env{KIND}, $me, $env{ADDRESS} || '-');

# Proxies learn that a pod ends when the pod itself does, and send others to it until they have rewritten their rules: it
# answers until none comes by the Service any more, as every pod should.
my ($ending, $served);
$SIG{TERM} = $SIG{INT} = sub { $ending //= $served = now() };
sub is_over { defined $ending && (!$is_pod || now() - $served >= QUIET_MS || now() - $ending >= FAREWELL_MS) }
$SIG{PIPE} = 'IGNORE';

sub nonblocking { my $socket = shift; fcntl $socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK; $socket }

# --- who answers: says which address it saw, and waits for the other side to go away first.
my (%doors, %guests);
for my $port ($is_pod ? ($env{PORT}, $env{SERVICE_PORT} || ()) : ()) {
    socket my $door, PF_INET, SOCK_STREAM, 0 or die "socket: $!";
    setsockopt $door, SOL_SOCKET, SO_REUSEADDR, 1;
    bind $door, pack_sockaddr_in($port, INADDR_ANY) or die "bind: $!";
    listen $door, 128 or die "listen: $!";
    $doors{fileno $door} = [nonblocking($door), $port];
}

sub welcome {
    my ($door, $port) = @_;
    while (my $from = accept my $guest, $door) {
        $served = now() if $port eq $env{SERVICE_PORT};
        my (undef, $address) = unpack_sockaddr_in($from);
        syswrite nonblocking($guest), inet_ntoa($address) . " $me\n";
        $guests{fileno $guest} = [$guest, now() + LINGER_MS];
    }
}

# --- who asks: one sample is [target, time, socket, result, kind, connected, port]; results are told in the order of asking.
my (%peers, %targets, %queue, %state, %waiting);

sub hang_up {
    my $sample = shift;
    my $socket = $sample->[2] or return;
    $sample->[2] = undef;
    delete $waiting{fileno $socket};
    # A reset leaves nothing behind on either side.
    setsockopt $socket, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0 if $sample->[4] !~ /^(dns|name)$/;
    close $socket;
}

sub finish {
    my ($sample, $result) = @_;
    return if defined $sample->[3];
    $sample->[3] = $result;
    hang_up($sample);
    my ($target, $queue) = ($sample->[0], $queue{$sample->[0]});
    while (@$queue && defined $queue->[0][3]) {
        my (undef, $at, undef, $said) = @{shift @$queue};
        my $state = $said =~ /^\+/ ? $said : '-';
        next if ($state{$target} // '') eq $state;
        $state{$target} = $state;
        my ($sign, $rest) = unpack 'a1 x a*', $said;
        tell_record($sign, $target, $at, $rest);
    }
}

sub query {
    my ($id, $name) = @_;
    return pack('n6', $id, 0x100, 1, 0, 0, 0) . join('', map { pack 'C/a*', $_ } split /\./, $name) . pack 'C n n', 0, 1, 1;
}

# The first address in an answer.
sub address_in {
    my $text = shift;
    my ($questions, $answers, $place) = (unpack('x4 n n', $text), 12);
    my $skip_name = sub {
        while ($place < length $text) {
            my $length = ord substr $text, $place++, 1;
            return if !$length || ($length >= 192 && ++$place);
            $place += $length;
        }
    };
    for (1 .. $questions) { $skip_name->(); $place += 4 }
    for (1 .. $answers) {
        $skip_name->();
        last if length $text < $place + 10;
        my ($type, $length) = unpack 'n x6 n', substr $text, $place, 10;
        return inet_ntoa(substr $text, $place + 10, 4) if $type == 1 && $length == 4 && length $text >= $place + 14;
        $place += 10 + $length;
    }
    return;
}

sub reach {
    my ($sample, $type, $host, $port) = @_;
    my $address = $host =~ /^[0-9.]+\z/ ? inet_aton($host) : undef;
    return finish($sample, "- $host is no address") unless $address;
    socket my $socket, PF_INET, $type, 0 or return finish($sample, "- $!");
    nonblocking($socket);
    $sample->[2] = $socket;
    $waiting{fileno $socket} = $sample;
    my $done = connect $socket, pack_sockaddr_in($port, $address);
    finish($sample, "- $!") unless $done || $!{EINPROGRESS};
}

sub ask {
    my ($target, $kind, $host, $port) = @_;
    my $sample = [$target, now(), undef, undef, $kind, 0, $port];
    push @{$queue{$target}}, $sample;
    return reach($sample, SOCK_STREAM, $host, $port) unless $kind =~ /^(dns|name)$/;
    reach($sample, SOCK_DGRAM, $env{DNS}, 53);
    return if defined $sample->[3];
    send $sample->[2], query(1 + int rand 65535, $host), 0 or finish($sample, "- $!");
}

# A connection that stands is told by its socket being writable; what is said on it by its being readable.
sub connected {
    my $sample = shift;
    my $error = unpack 'i', getsockopt $sample->[2], SOL_SOCKET, SO_ERROR;
    if ($error) { $! = $error; return finish($sample, "- $!") }
    finish($sample, '+ -') if $sample->[4] eq 'out';
}

sub answered {
    my $sample = shift;
    my $got = sysread $sample->[2], my $text, 512;
    return if !defined $got && $!{EAGAIN};
    return finish($sample, '- ' . (defined $got ? 'closed without an answer' : $!)) unless $got;
    if ($sample->[4] =~ /^(dns|name)$/) {
        return finish($sample, '- a broken answer') if length $text < 12;
        my ($code, $address) = (unpack('x2 n', $text) & 15, address_in($text));
        return finish($sample, "- DNS answered with code $code and no address") unless defined $address;
        return finish($sample, '+ -') if $sample->[4] eq 'dns';
        hang_up($sample);
        $sample->[4] = 'out';
        return reach($sample, SOCK_STREAM, $address, $sample->[6]);
    }
    my ($seen) = $text =~ /^([0-9.]+) \S+\n/;
    return finish($sample, '- a stranger answered') unless defined $seen;
    # Of a Service it depends on who happened to answer.
    finish($sample, $sample->[0] eq 'clusterip' ? '+ -' : "+ $seen");
}

# --- where the others are: Drover keeps the file, and touches it as long as it listens.
my ($stamp, $attended) = ('', now());

sub read_peers {
    my @stat = stat "$folder/peers" or return;
    return if $stamp eq "@stat[1, 9]";
    ($stamp, $attended) = ("@stat[1, 9]", now());
    open my $file, '<', "$folder/peers" or return;
    %peers = map { /^(\S+) ([0-9.]+)$/ ? ($1 => $2) : () } <$file>;
}

sub round {
    my $count = shift;
    my @names = sort grep { !$is_pod || $_ ne $me } keys %peers;
    # Everybody is asked equally often, and not everybody at once.
    my $stride = int((@names + FEW - 1) / FEW) || 1;
    for my $i (grep { ($_ + $count) % $stride == 0 } 0 .. $#names) { ask("pod:$names[$i]", 'pod', $peers{$names[$i]}, $env{PORT}) }
    return unless $is_pod && %peers;
    # Those that end together would hold on to each other.
    ask('clusterip', 'pod', $env{SERVICE}, 80) if $env{SERVICE} && !defined $ending;
    ask('dns', 'dns', $env{DNS_NAME}) if $env{DNS};
    return unless $env{OUT} && $count % 5 == 0;
    my ($host, $port) = split /:/, $env{OUT};
    ask('out', $host =~ /^[0-9.]+\z/ ? 'out' : 'name', $host, $port);
}

# Everything that was asked before this time has been judged.
sub mark {
    my ($oldest) = sort { $a <=> $b } shift, map { $_->[0][1] } grep { @$_ } values %queue;
    tell_record('.', $oldest);
}

sub expire {
    my $now = now();
    finish($_, '- no answer in ' . ANSWER_MS . ' ms') for grep { $now - $_->[1] >= ANSWER_MS } values %waiting;
    delete $guests{$_} for grep { $guests{$_}[1] <= $now } keys %guests;
}

sub wait_until {
    my $until = shift;
    my ($read, $write) = ('', '');
    vec($read, $_, 1) = 1 for keys %doors, keys %guests, keys %waiting;
    vec($write, $_, 1) = 1 for grep { !$waiting{$_}[5] && $waiting{$_}[4] !~ /^(dns|name)$/ } keys %waiting;
    my $left = $until - now();
    return if select($read, $write, undef, $left > 0 ? $left / 1000 : 0) <= 0;
    welcome(@{$doors{$_}}) for grep { vec $read, $_, 1 } keys %doors;
    for (grep { vec $read, $_, 1 } keys %guests) { delete $guests{$_} }
    for my $number (keys %waiting) {
        my $sample = $waiting{$number} or next;
        if (vec $write, $number, 1) { $sample->[5] = 1; connected($sample) }
        answered($sample) if !defined $sample->[3] && vec $read, $number, 1;
    }
}

my ($next, $count) = (now(), 0);
until (is_over()) {
    read_peers();
    my $now = now();
    if ($now >= $next) {
        mark($now) if %peers;
        round($count++) if $now - $attended < UNATTENDED_MS;
        $next = $now - $next > $env{EVERY} ? $now + $env{EVERY} : $next + $env{EVERY};
    }
    wait_until($next < $now + 100 ? $next : $now + 100);
    expire();
}
