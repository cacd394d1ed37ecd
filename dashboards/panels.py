# SPDX-License-Identifier: Apache-2.0
"""Panels, rows and dashboards in Grafana's classic JSON, as small as it can be; Grafana fills in the rest.

Panels are placed from left to right, 24 columns a line; a row begins a new line.
"""
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
GREEN, YELLOW, RED, GREY, BLUE = "green", "#EAB839", "red", "#808080", "blue"

# What a verdict is in words, beside its colour.
VERDICTS = {0: ("pass", GREEN), 1: ("warn", YELLOW), 2: ("FAIL", RED), 3: ("no data", GREY), 4: ("inconclusive", GREY), 5: ("ERROR", "purple")}
YES_NO = {0: ("NO", RED), 1: ("yes", GREEN)}
READY = {0: ("NOT READY", RED), 1: ("ready", GREEN)}
BROKEN = {0: ("hold", GREEN), 1: ("BROKEN", RED)}
RECEIVES = {0: ("AWAY", RED), 1: ("answers", GREEN)}
LOADED = {0: ("NOT LOADED", RED), 1: ("loaded", GREEN)}


def words(values):
    return [{"type": "value", "options": {str(value): {"text": text, "color": colour, "index": index}
                                          for index, (value, (text, colour)) in enumerate(values.items())}}]


def steps(*pairs):
    """steps(GREEN, (0.01, YELLOW)): green, and yellow from 0.01 on."""
    first, *rest = pairs
    return {"mode": "absolute", "steps": [{"color": first, "value": None}] + [{"color": colour, "value": at} for at, colour in rest]}


def query(expression, legend="", ref="A", instant=False, table=False):
    made = {"datasource": SOURCE, "editorMode": "code", "expr": expression, "refId": ref}
    if legend:
        made["legendFormat"] = legend
    if instant:
        made |= {"instant": True, "range": False}
    else:
        made["range"] = True
    if table:
        made["format"] = "table"
    return made


def queries(*pairs, **more):
    return [query(expression, legend, ref=chr(ord("A") + n), **more) for n, (expression, legend) in enumerate(pairs)]


def panel(kind, title, description, targets, width, height, options, defaults, overrides=(), **more):
    custom = {"type": kind, "title": title, "description": description, "datasource": SOURCE, "targets": targets,
              "gridPos": {"h": height, "w": width, "x": 0, "y": 0}, "options": options,
              "fieldConfig": {"defaults": defaults, "overrides": list(overrides)}}
    return custom | more


def series(title, description, *pairs, unit="short", width=12, height=8, limits=None, least=None, most=None, stack=False, line=None,
           decimals=None):
    """Lines over time. `line`: thresholds that are drawn as lines, too."""
    defaults = {"unit": unit, "custom": {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 15 if stack else 5, "showPoints": "never",
                                         "spanNulls": False, "stacking": {"group": "A", "mode": "normal" if stack else "none"}}}
    if line:
        defaults["thresholds"] = line
        defaults["custom"]["thresholdsStyle"] = {"mode": "dashed"}
    elif limits:
        defaults["thresholds"] = limits
    if least is not None:
        defaults["min"] = least
    if most is not None:
        defaults["max"] = most
    if decimals is not None:
        defaults["decimals"] = decimals
    options = {"legend": {"calcs": ["lastNotNull", "max"], "displayMode": "table", "placement": "bottom", "showLegend": True},
               "tooltip": {"mode": "multi", "sort": "desc"}}
    return panel("timeseries", title, description, queries(*pairs), width, height, options, defaults)


def stat(title, description, expression, legend="", unit="short", width=4, height=4, limits=None, mappings=None, empty="no data", decimals=None,
         trend=None):
    """The value of now, asked for now alone: of a weir that went away nothing is left. With `mappings` a word; else a number, with what is good and
    bad in the description. `trend` (`7d`): the mean over so long instead, whatever the dashboard shows, and how it came about as a line behind it."""
    defaults = {"unit": unit, "noValue": empty, "thresholds": limits or steps(BLUE)}
    if mappings:
        defaults["mappings"] = words(mappings)
    if decimals is not None:
        defaults["decimals"] = decimals
    options = {"colorMode": "background" if mappings else "value", "graphMode": "area" if trend else "none", "justifyMode": "auto",
               "orientation": "auto", "textMode": "auto", "wideLayout": True,
               "reduceOptions": {"calcs": ["mean" if trend else "lastNotNull"], "fields": "", "values": False}}
    made = panel("stat", title, description, [query(expression, legend, instant=not trend)], width, height, options, defaults)
    return made | {"timeFrom": trend} if trend else made


def states(title, description, expression, legend, mappings, width=24, height=8):
    """A band for each series, its words written into it."""
    defaults = {"custom": {"fillOpacity": 80, "lineWidth": 0}, "mappings": words(mappings), "thresholds": steps(GREY)}
    options = {"alignValue": "left", "mergeValues": True, "rowHeight": 0.9, "showValue": "auto",
               "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True}, "tooltip": {"mode": "single", "sort": "none"}}
    return panel("state-timeline", title, description, [query(expression, legend)], width, height, options, defaults)


def table(title, description, columns, width=24, height=9, mappings=None, units=None, limits=None, hidden=(), sort=None, link=None):
    """`columns`: name -> instant query. Queries are joined by the labels that they share."""
    targets = [query(expression, ref=f"Q{n}", instant=True, table=True) for n, expression in enumerate(columns.values())]
    names = {f"Value #Q{n}": name for n, name in enumerate(columns)} if len(columns) > 1 else {"Value": next(iter(columns))}
    exclude = {"Time": True, "__name__": True, "instance": True, "job": True} | {name: True for name in hidden}
    overrides = []
    for name in columns:
        properties = []
        if units and name in units:
            properties.append({"id": "unit", "value": units[name]})
        if units and units.get(name) == "locale":
            properties.append({"id": "decimals", "value": 0})
        if mappings and name in mappings:
            properties += [{"id": "mappings", "value": words(mappings[name])},
                           {"id": "custom.cellOptions", "value": {"type": "color-background", "mode": "basic"}}]
        if limits and name in limits:
            properties += [{"id": "thresholds", "value": limits[name]}, {"id": "custom.cellOptions", "value": {"type": "color-text"}}]
        if properties:
            overrides.append({"matcher": {"id": "byName", "options": name}, "properties": properties})
    if link:
        column, caption, url = link
        overrides.append({"matcher": {"id": "byName", "options": column},
                          "properties": [{"id": "links", "value": [{"title": caption, "url": url, "targetBlank": True}]}]})
    made = panel("table", title, description, targets, width, height,
                 {"cellHeight": "sm", "showHeader": True, "sortBy": [{"displayName": sort, "desc": True}] if sort else []},
                 {"custom": {"align": "auto", "filterable": True}, "noValue": "0", "thresholds": steps(GREEN)}, overrides)
    made["transformations"] = ([{"id": "merge", "options": {}}] if len(columns) > 1 else []) + [
        {"id": "organize", "options": {"excludeByName": exclude, "indexByName": {}, "renameByName": names}}]
    return made


def row(title):
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"h": 1, "w": 24, "x": 0, "y": 0}}


def placed(panels):
    x = y = highest = 0
    for number, one in enumerate(panels, 1):
        place = one["gridPos"]
        if one["type"] == "row" or x + place["w"] > 24:
            x, y, highest = 0, y + highest, 0
        place["x"], place["y"] = x, y
        x, highest = x + place["w"], max(highest, place["h"])
        if one["type"] == "row":
            x, y, highest = 0, y + 1, 0
        one["id"] = number
    return panels


def list_variable(name, label, metric, selector, description):
    return {"name": name, "label": label, "description": description, "type": "query", "datasource": SOURCE,
            "query": {"query": f"label_values({metric}{selector}, {name})", "refId": f"variable-{name}"},
            "definition": f"label_values({metric}{selector}, {name})",
            "multi": True, "includeAll": True, "allValue": ".*", "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
            "options": [], "refresh": 2, "regex": "", "sort": 1, "hide": 0, "skipUrlSync": False}


def text_variable(name, label, value, description):
    return {"name": name, "label": label, "description": description, "type": "textbox", "query": value,
            "current": {"selected": True, "text": value, "value": value}, "options": [{"selected": True, "text": value, "value": value}],
            "hide": 0, "skipUrlSync": False}


def annotation(name, expression, title, text, colour, value_is_time=False):
    made = {"name": name, "datasource": SOURCE, "enable": True, "hide": False, "iconColor": colour, "expr": expression,
            "titleFormat": title, "textFormat": text, "step": "60s"}
    if value_is_time:
        made["useValueForTime"] = "on"
    return made
