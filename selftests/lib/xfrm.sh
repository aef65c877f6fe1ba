# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# IPsec around tunnels of VXLAN.

KEY=0x6162636465666768696a6b6c6d6e6f7071727374
ICV=128

# xfrm NAMESPACE MY-NUMBER OTHER-NUMBER: protect the tunnel, by both families
xfrm()
{
	local me other

	while read -r me other; do
		cat <<-END
			state add src $me dst $other proto esp spi 0x100$2 reqid 1 mode transport aead rfc4106(gcm(aes)) $KEY $ICV
			state add src $other dst $me proto esp spi 0x100$3 reqid 1 mode transport aead rfc4106(gcm(aes)) $KEY $ICV
			policy add src $me dst $other proto udp dport 4789 dir out tmpl src $me dst $other proto esp reqid 1 mode transport
			policy add src $other dst $me proto udp dport 4789 dir in tmpl src $other dst $me proto esp reqid 1 mode transport
		END
	done <<-END | sed 's/^/xfrm /' | ip -n "$1" -batch -
		$(vtep "$2") $(vtep "$3")
		$(vtep6 "$2") $(vtep6 "$3")
	END
}

# no_xfrm NAMESPACE...
no_xfrm()
{
	local ns

	for ns; do
		ip -n "$ns" xfrm policy flush
		ip -n "$ns" xfrm state flush
	done
}
