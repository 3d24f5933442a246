# What Ruby's icalendar reads in calendar files: a line of JSON for every event. Files that it can't read go to the
# standard error and make the exit status 1.

require "icalendar"
require "json"
require "stringio"

# In UTC by what the calendar itself says of the zone.
def moment(time)
  time.to_time.utc.strftime("%Y%m%dT%H%M%SZ")
end

def described(file, event)
  {
    file: file,
    uid: event.uid,
    start: moment(event.dtstart),
    end: moment(event.dtend),
    summary: event.summary || "",
    description: event.description || "",
    categories: event.categories.flatten,
    status: event.status || ""
  }
end

wrong = ARGV.count do |file|
  calendars = Icalendar::Calendar.parse(File.read(file, encoding: "UTF-8"))
  calendars.flat_map(&:events).each { |event| puts JSON.generate(described(file, event)) }
  false
rescue StandardError => error
  warn "#{file}: #{error.class}: #{error.message}"
  true
end
exit wrong.zero?
