#!/bin/busybox sh
# The first program of the virtual machine: three connections with keep-alive, captured here, and the capture handed out
# over the second serial port. One of the three writes late.
/bin/busybox --install -s /bin
export PATH=/bin LD_LIBRARY_PATH=/lib
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci failover net_failover virtio_net; do
    insmod /modules/$module.ko
done
sleep 1
ip link set lo up
ip link set eth0 up
ip addr add GUEST/24 dev eth0
tcpdump -i eth0 -n -U -Z root -w /tmp/inside.pcap >/dev/null 2>&1 &
sleep 2
keepalive=keepalive,keepidle=2,keepintvl=2,keepcnt=9
for number in 2 3; do
    (echo "request $number"; sleep 300) | socat -t 300 - TCP:HOST:PORT,$keepalive &
done
(echo "request 1"; sleep 2; echo "request 1"; sleep LATE; echo late; sleep 1; echo later; sleep 300) \
    | socat -t 300 - TCP:HOST:PORT,$keepalive &
# Two probes or three of each connection.
sleep 7
echo READY
sleep LASTS
stty -F /dev/ttyS1 raw -echo
cat /tmp/inside.pcap > /dev/ttyS1
sleep 1
poweroff -f
