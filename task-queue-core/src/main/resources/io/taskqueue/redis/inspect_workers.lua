-- Reads what servers run.
--
-- KEYS     1… hashes of workers
-- Returns  for every hash: its values
-- @include ask
local answers = {}
for k, workers in ipairs(KEYS) do
	answers[k] = ask('HVALS', workers) or {}
end
return answers
