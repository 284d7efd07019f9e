-- A text as a pattern of SCAN that matches it alone.
local function literal(text)
	return (string.gsub(text, '[%*%?%[%]%^%-\\]', '\\%0'))
end
