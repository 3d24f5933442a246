/* What libical reads in calendar files: a line of JSON for every event. Whatever it finds wrong with them, by its parser
 * or by its check of the restrictions, goes to the standard error and makes the exit status 1. */

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static void print_string(const char *text)
{
    putchar('"');
    for (const unsigned char *c = (const unsigned char *)(text ? text : ""); *c; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < ' ')
            printf("\\u%04x", *c);
        else
            putchar(*c);
    }
    putchar('"');
}

static void print_text(const char *key, const char *text)
{
    printf(", \"%s\": ", key);
    print_string(text);
}

/* In UTC by what the calendar itself says of the zone; a moment without one keeps its local time, and has no Z. */
static void print_moment(const char *key, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    struct icaltimetype moment = icalproperty_get_datetime_with_component(property, event);
    if (icaltime_get_timezone(moment))
        moment = icaltime_convert_to_zone(moment, icaltimezone_get_utc_timezone());
    print_text(key, icaltime_as_ical_string(moment));
}

static void print_event(const char *file, icalcomponent *event)
{
    printf("{\"file\": ");
    print_string(file);
    print_text("uid", icalcomponent_get_uid(event));
    print_moment("start", event, ICAL_DTSTART_PROPERTY);
    print_moment("end", event, ICAL_DTEND_PROPERTY);
    print_text("summary", icalcomponent_get_summary(event));
    print_text("description", icalcomponent_get_description(event));
    printf(", \"categories\": [");
    icalproperty *category = icalcomponent_get_first_property(event, ICAL_CATEGORIES_PROPERTY);
    while (category) {
        print_string(icalproperty_get_categories(category));
        category = icalcomponent_get_next_property(event, ICAL_CATEGORIES_PROPERTY);
        printf(category ? ", " : "");
    }
    printf("]");
    icalproperty_status status = icalcomponent_get_status(event);
    print_text("status", status == ICAL_STATUS_NONE ? "" : icalproperty_status_to_string(status));
    printf("}\n");
}

/* How many errors were left in a component and in those within it. */
static int print_errors(const char *file, icalcomponent *component)
{
    int errors = 0;
    icalproperty *error = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
    for (; error; error = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY), errors++)
        fprintf(stderr, "%s: %s: %s\n", file, icalcomponent_kind_to_string(icalcomponent_isa(component)),
                icalproperty_get_xlicerror(error));
    icalcomponent *part = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
    for (; part; part = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
        errors += print_errors(file, part);
    return errors;
}

static char *line_of(char *line, size_t size, void *stream)
{
    return fgets(line, (int)size, stream);
}

static int read_calendar(const char *file)
{
    FILE *stream = fopen(file, "r");
    icalparser *parser = icalparser_new();
    icalparser_set_gen_data(parser, stream);
    icalcomponent *calendar = stream ? icalparser_parse(parser, line_of) : NULL;
    if (!calendar) {
        fprintf(stderr, "%s: no calendar\n", file);
        return 1;
    }
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    for (; event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        print_event(file, event);
    int valid = icalrestriction_check(calendar), errors = print_errors(file, calendar);
    if (!valid && !errors)
        fprintf(stderr, "%s: restrictions are broken\n", file);
    icalcomponent_free(calendar);
    icalparser_free(parser);
    fclose(stream);
    return errors || !valid;
}

int main(int count, char **files)
{
    int wrong = 0;
    for (int number = 1; number < count; number++)
        wrong |= read_calendar(files[number]);
    return wrong;
}
