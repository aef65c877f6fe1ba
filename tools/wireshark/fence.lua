-- SPDX-License-Identifier: GPL-2.0
--
-- Wireshark dissector for fence: MAC-in-MAC with EtherType 0x88de, in the place
-- of the dissector for it that Wireshark has. Try it with
--
--     tshark -X lua_script:fence.lua -r FILE
--
-- or put it into a folder for Lua plugins, which Help > About Wireshark >
-- Folders names.

local ETHERTYPE = 0x88de
local HEADER = 10	-- bytes
local PATIENCE = 1	-- seconds for which a receiver keeps fragments
local MOST = 65535	-- bytes of a frame that goes in fragments

local WHOLE, MORE, LAST = 0, 1, 2
local types = {
	[WHOLE] = "Whole frame",
	[MORE] = "Fragment, more follow",
	[LAST] = "Last fragment",
}

local fence = Proto("fence", "Fence")

local f_flags = ProtoField.uint8("fence.flags", "Flags", base.HEX)
local f_version = ProtoField.uint8("fence.version", "Version", base.DEC, nil,
				   0x03)
local f_type = ProtoField.uint8("fence.type", "Type", base.DEC, types, 0x0c)
local f_number = ProtoField.uint8("fence.number", "Number", base.DEC, nil,
				  0xf0)
local f_id = ProtoField.uint24("fence.id", "Fence ID", base.DEC)
local f_dst = ProtoField.ether("fence.dst", "Destination of the frame")
local f_datagram = ProtoField.uint16("fence.datagram", "Datagram", base.DEC)
local f_offset = ProtoField.uint16("fence.offset", "Offset", base.DEC)
local f_reserved = ProtoField.uint16("fence.reserved", "Reserved", base.HEX)
local f_fragment = ProtoField.framenum("fence.fragment", "Fragment",
				       base.NONE, frametype.NONE)
local f_fragments = ProtoField.uint8("fence.fragments", "Fragments", base.DEC)
local f_length = ProtoField.uint16("fence.reassembled.length",
				   "Length of the frame", base.DEC)
local f_in = ProtoField.framenum("fence.reassembled_in", "Reassembled in",
				 base.NONE, frametype.NONE)

fence.fields = {
	f_flags, f_version, f_type, f_number, f_id, f_dst, f_datagram,
	f_offset, f_reserved, f_fragment, f_fragments, f_length, f_in,
}

local e_bad = ProtoExpert.new("fence.bad", "Receivers drop it",
			      expert.group.PROTOCOL, expert.severity.WARN)
local e_twice = ProtoExpert.new("fence.duplicate",
				"Fragment that was there already",
				expert.group.SEQUENCE, expert.severity.NOTE)

fence.experts = { e_bad, e_twice }

local eth = Dissector.get("eth_withoutfcs")
local data = Dissector.get("data")

local function bad(item, text)
	item:add_proto_expert_info(e_bad, text)
end

local function place(offset, length)
	return string.format(", bytes %d to %d", offset, offset + length - 1)
end

local function show_data(tvb, pinfo, _, root)
	data:call(tvb, pinfo, root)
end

local function show_frame(tvb, pinfo, _, root)
	eth:call(tvb, pinfo, root)
end

-------------------------------------------------------------------------------
-- Fragments. A datagram is a frame that goes in fragments: `pieces` are those,
-- by number, each with its offset, its bytes and the frame of the capture it is
-- in; `last` is the number of the last one and `whole` the frame of the capture
-- that completes it.

local open = {}		-- the newest datagram of a sender, fence and number
local seen = {}		-- what was found of a fragment when it was first seen

function fence.init()
	open = {}
	seen = {}
end

-- Neither overlaps another nor leaves a gap to the one before or after.
local function fits(datagram, number, piece)
	local before = datagram.pieces[number - 1]
	local after = datagram.pieces[number + 1]
	local stop = piece.offset + piece.bytes:len()

	return (not before or
		before.offset + before.bytes:len() == piece.offset) and
	       (not after or after.offset == stop) and stop <= MOST
end

-- What was there before, a second end, or what is behind the end
local function contradicts(datagram, number, piece, last)
	if datagram.pieces[number] or
	   (datagram.last and (last or number > datagram.last)) then
		return true
	end
	for other in pairs(datagram.pieces) do
		if last and other > number then
			return true
		end
	end
	return not fits(datagram, number, piece)
end

local function complete(datagram)
	local number = 0

	if not datagram.last then
		return false
	end
	for _ in pairs(datagram.pieces) do
		number = number + 1
	end
	return number == datagram.last + 1
end

-- Takes in a fragment, which may be the first of a new datagram. Returns the
-- datagram, and what the fragment is if it is of no use for that.
local function take(key, number, piece, last)
	local datagram = open[key]
	local same

	if not datagram or piece.time - datagram.time > PATIENCE then
		datagram = { time = piece.time, pieces = {} }
		open[key] = datagram
	end
	same = datagram.pieces[number]
	if same and same.offset == piece.offset and same.bytes == piece.bytes then
		return datagram, "duplicate"
	end
	if datagram.whole then
		open[key] = nil
		return take(key, number, piece, last)
	end
	if contradicts(datagram, number, piece, last) then
		open[key] = nil
		return datagram, "bad"
	end
	datagram.pieces[number] = piece
	if last then
		datagram.last = number
	end
	if complete(datagram) then
		datagram.whole = piece.frame
	end
	return datagram
end

local function joined(datagram)
	local bytes = ByteArray.new()

	for number = 0, datagram.last do
		bytes:append(datagram.pieces[number].bytes)
	end
	return bytes
end

local function show_joined(datagram, pinfo, tree, root)
	local bytes = joined(datagram)
	local branch = tree:add(f_fragments, datagram.last + 1)

	branch:set_generated()
	for number = 0, datagram.last do
		local piece = datagram.pieces[number]

		branch:add(f_fragment, piece.frame)
			:append_text(place(piece.offset, piece.bytes:len()))
			:set_generated()
	end
	branch:add(f_length, bytes:len()):set_generated()
	show_frame(bytes:tvb("Reassembled frame"), pinfo, tree, root)
end

-- Returns what was found of a fragment, nil if the capture has not all of it.
local function find(tvb, pinfo, header)
	local key = string.format("%s %d %d", tostring(pinfo.dl_src),
				  header.id, header.datagram)
	local at = key .. " " .. pinfo.number
	local found = seen[at]

	if found or header.cut then
		return found
	end
	found = {}
	found.datagram, found.useless = take(key, header.number, {
		frame = pinfo.number, time = pinfo.abs_ts,
		offset = header.offset, bytes = tvb:bytes(),
	}, header.type == LAST)
	seen[at] = found
	return found
end

local function show_fragment(tvb, pinfo, tree, root, header)
	local found = find(tvb, pinfo, header)
	local whole = found and not found.useless and found.datagram.whole

	if whole == pinfo.number then
		show_joined(found.datagram, pinfo, tree, root)
		return
	end
	if whole then
		tree:add(f_in, whole):set_generated()
	elseif found and found.useless == "duplicate" then
		tree:add_proto_expert_info(e_twice)
	elseif found and found.useless then
		bad(tree, "Contradicts other fragments")
	end
	show_data(tvb, pinfo, tree, root)
end

-------------------------------------------------------------------------------
-- The header

local function known(header)
	return header.version == 0 and types[header.type]
end

local function add_flags(tvb, tree, header)
	local range = tvb(0, 1)
	local branch = tree:add(f_flags, range)
	local item

	item = branch:add(f_version, range)
	if header.version ~= 0 then
		bad(item, "Unknown version")
	end
	item = branch:add(f_type, range)
	if not types[header.type] then
		bad(item, "Unknown type")
	end
	item = branch:add(f_number, range)
	if header.type == WHOLE and header.number ~= 0 then
		bad(item, "Number in a whole frame")
	end
end

local function add_dest(tvb, tree)
	local item = tree:add(f_dst, tvb(4, 6))

	if tvb:len() >= HEADER + 6 and
	   tvb(4, 6):bytes() ~= tvb(HEADER, 6):bytes() then
		bad(item, "Not the destination of the frame")
	end
end

-- Returns whether that can be right.
local function add_place(tvb, tree, header)
	local good = true
	local item

	tree:add(f_datagram, tvb(4, 2))
	item = tree:add(f_offset, tvb(6, 2))
	if (header.number == 0) ~= (header.offset == 0) then
		bad(item, "The first fragment alone begins where the frame does")
		good = false
	end
	item = tree:add(f_reserved, tvb(8, 2))
	if tvb(8, 2):uint() ~= 0 then
		bad(item, "Not zero")
		good = false
	end
	return good
end

local function summary(header, length)
	local text = "Fence " .. header.id

	if not known(header) or header.type == WHOLE or length == 0 then
		return text
	end
	return string.format("%s, datagram %d, fragment %d%s%s", text,
			     header.datagram, header.number,
			     place(header.offset, length),
			     header.type == LAST and ", the last" or "")
end

local function read_header(tvb)
	local flags = tvb(0, 1):uint()

	return {
		version = flags % 4,
		type = math.floor(flags / 4) % 4,
		number = math.floor(flags / 16),
		id = tvb(1, 3):le_uint(),
		datagram = tvb(4, 2):uint(),
		offset = tvb(6, 2):uint(),
		cut = tvb:len() < tvb:reported_len(),
	}
end

-- Returns how to show what is behind the header.
local function show_header(tvb, tree, header)
	tree:append_text(", ID: " .. header.id)
	add_flags(tvb, tree, header)
	tree:add_le(f_id, tvb(1, 3))
	if not known(header) then
		return show_data
	end
	if header.type == WHOLE then
		add_dest(tvb, tree)
		return show_frame
	end
	return add_place(tvb, tree, header) and show_fragment or show_data
end

function fence.dissector(tvb, pinfo, root)
	local tree = root:add(fence, tvb(0, math.min(tvb:len(), HEADER)))
	local header, show

	pinfo.cols.protocol = "Fence"
	if tvb:len() < HEADER then
		pinfo.cols.info = "Fence"
		bad(tree, "Shorter than the header")
		return tvb:len()
	end
	header = read_header(tvb)
	pinfo.cols.info = summary(header, tvb:reported_len() - HEADER)
	show = show_header(tvb, tree, header)
	if tvb:len() == HEADER then
		bad(tree, "Nothing behind the header")
		return HEADER
	end
	show(tvb(HEADER):tvb(), pinfo, tree, root, header)
	return tvb:len()
end

DissectorTable.get("ethertype"):add(ETHERTYPE, fence)
