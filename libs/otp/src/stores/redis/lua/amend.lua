-- Settles or gives back what was taken; what is not there is passed over. Extends a time to live only for a credit.
-- KEYS    the records and tallies, each once
-- ARGV    1 time override in ms or ''; 2 the amendments as a JSON list (see shared/amendments.lua)
-- Result  nothing
local clock, amendments = ARGV[1], cjson.decode(ARGV[2])
-- @include shared/record.lua
-- @include shared/lanes.lua
-- @include shared/tally.lua
-- @include shared/tally_saving.lua
-- @include shared/loaded.lua
-- @include shared/amendments.lua
local loaded, needs = open(KEYS, timeNow(clock)), {}
-- Credits but `always` depend on an answer.
amend(amendments, loaded, { true }, needs)
saveChanged(loaded, needs)
return false
