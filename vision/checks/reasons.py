"""Reason codes of findings: stable, listed here once; their words live in ``standards/words.toml``."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    # what was asked for was seen
    SHOWN = "shown"
    PLATE_PROVED = "plate_proved"
    CONTACT_SHOWN = "contact_shown"
    CONTACT_PLAUSIBLE = "contact_plausible"
    DOCUMENT_READ = "document_read"
    PAPER_VALID = "paper_valid"
    AGREES = "agrees"
    TIMES_AGREE = "times_agree"
    PLACES_AGREE = "places_agree"
    # no photo, or the wrong one
    NO_PHOTO = "no_photo"
    WRONG_FRAMING = "wrong_framing"
    FRAMING_DOUBTFUL = "framing_doubtful"
    TOO_FEW_VEHICLES = "too_few_vehicles"
    TWO_WHEELER_NOT_SEEN = "two_wheeler_not_seen"
    VEHICLE_DOUBTFUL = "vehicle_doubtful"
    VEHICLE_CUT_OFF = "vehicle_cut_off"
    VEHICLE_AT_BORDER = "vehicle_at_border"
    VEHICLES_APART = "vehicles_apart"
    VEHICLES_FILL_PICTURE = "vehicles_fill_picture"
    WRONG_SIDE = "wrong_side"
    NOT_STRAIGHT_ON = "not_straight_on"
    NOT_AT_CORNER = "not_at_corner"
    SIDE_ON = "side_on"
    VIEW_DOUBTFUL = "view_doubtful"
    # quality
    PHOTO_BLURRED = "photo_blurred"
    PHOTO_DARK = "photo_dark"
    PHOTO_OVEREXPOSED = "photo_overexposed"
    PHOTO_GLARE = "photo_glare"
    PHOTO_TRUNCATED = "photo_truncated"
    # collision
    DAMAGE_NOT_SEEN = "damage_not_seen"
    DAMAGE_DOUBTFUL = "damage_doubtful"
    DAMAGE_OFF_CENTRE = "damage_off_centre"
    DAMAGE_BLURRED = "damage_blurred"
    DAMAGE_TOO_SMALL = "damage_too_small"
    CONTACT_HIDDEN = "contact_hidden"
    CONTACT_ONE_SIDED = "contact_one_sided"
    CONTACT_IMPLAUSIBLE = "contact_implausible"
    CONTACT_HEIGHTS_DIFFER = "contact_heights_differ"
    OBJECT_NOT_RECOGNISED = "object_not_recognised"
    OBJECT_DOUBTFUL = "object_doubtful"
    OBJECT_APART = "object_apart"
    OBJECT_TOO_SMALL = "object_too_small"
    # the road
    LANE_KIND_DOUBTFUL = "lane_kind_doubtful"
    LANE_DOUBTFUL = "lane_doubtful"
    LANE_NOT_SEEN = "lane_not_seen"
    LANE_WITHOUT_VEHICLE = "lane_without_vehicle"
    TRAFFIC_LIGHT_DOUBTFUL = "traffic_light_doubtful"
    TRAFFIC_LIGHT_NOT_SEEN = "traffic_light_not_seen"
    TRAFFIC_LIGHT_WITHOUT_VEHICLE = "traffic_light_without_vehicle"
    ROAD_SIGN_DOUBTFUL = "road_sign_doubtful"
    ROAD_SIGN_NOT_SEEN = "road_sign_not_seen"
    # what nobody looked at
    LANE_NOT_LOOKED_AT = "lane_not_looked_at"
    TRAFFIC_LIGHT_NOT_LOOKED_AT = "traffic_light_not_looked_at"
    ROAD_SIGN_NOT_LOOKED_AT = "road_sign_not_looked_at"
    # plates
    PLATE_NOT_SEEN = "plate_not_seen"
    PLATE_TOO_SMALL = "plate_too_small"
    PLATE_BLURRED = "plate_blurred"
    PLATE_DOUBTFUL = "plate_doubtful"
    PLATE_PARTY_UNKNOWN = "plate_party_unknown"
    PLATE_ONLY_OTHER = "plate_only_other"
    PLATE_NOT_ON_PAPERS = "plate_not_on_papers"
    MORE_PLATES_THAN_PARTIES = "more_plates_than_parties"
    # documents
    DOCUMENT_MISSING = "document_missing"
    DOCUMENT_NOT_RECOGNISED = "document_not_recognised"
    DOCUMENT_SPOILT = "document_spoilt"
    DOCUMENT_DOUBTFUL = "document_doubtful"
    DOCUMENT_PARTY_UNKNOWN = "document_party_unknown"
    DOCUMENT_PAGE_MISSING = "document_page_missing"
    DOCUMENT_SEVERAL = "document_several"
    FIELD_NOT_SEEN = "field_not_seen"
    FIELD_NOT_READ = "field_not_read"
    FIELD_DOUBTFUL = "field_doubtful"
    ID_CHECK_WRONG = "id_check_wrong"
    ID_BIRTH_DIFFERS = "id_birth_differs"
    DATES_DISORDERED = "dates_disordered"
    VIN_CHECK_WRONG = "vin_check_wrong"
    PAPER_EXPIRED = "paper_expired"
    PAPER_NOT_YET_VALID = "paper_not_yet_valid"
    PAPER_PERIOD_UNKNOWN = "paper_period_unknown"
    ACCIDENT_TIME_UNKNOWN = "accident_time_unknown"
    DOCUMENT_PHOTOCOPY = "document_photocopy"
    DOCUMENT_SCREEN = "document_screen"
    DOCUMENT_TAMPERED_SUSPECT = "document_tampered_suspect"
    # agreement
    NOTHING_TO_COMPARE = "nothing_to_compare"
    COMPARISON_INCOMPLETE = "comparison_incomplete"
    PLATE_DIFFERS = "plate_differs"
    PLATE_NOT_AT_SCENE = "plate_not_at_scene"
    VIN_DIFFERS = "vin_differs"
    NAME_DIFFERS = "name_differs"
    DRIVER_NOT_OWNER = "driver_not_owner"
    TAKEN_BEFORE_ACCIDENT = "taken_before_accident"
    TAKEN_LONG_AFTER = "taken_long_after"
    TIMES_DIFFER = "times_differ"
    PLACES_DIFFER = "places_differ"
    # the set
    VEHICLE_OF_ANOTHER_COLOUR = "vehicle_of_another_colour"
    COLOUR_NOT_AS_ON_PAPERS = "colour_not_as_on_papers"
    SAME_PHOTO_TWICE = "same_photo_twice"
    WRONG_KIND_OF_PHOTO = "wrong_kind_of_photo"
    ORIGINAL_UNREADABLE = "original_unreadable"
    STANDARD_FOR_OTHER_TYPE = "standard_for_other_type"


INCURABLE = frozenset(
    {
        # another photo of the same thing would change nothing: an officer has to look
        Reason.TWO_WHEELER_NOT_SEEN,
        Reason.DAMAGE_NOT_SEEN,
        Reason.CONTACT_ONE_SIDED,
        Reason.CONTACT_IMPLAUSIBLE,
        Reason.CONTACT_HEIGHTS_DIFFER,
        Reason.OBJECT_NOT_RECOGNISED,
        Reason.LANE_NOT_LOOKED_AT,
        Reason.TRAFFIC_LIGHT_NOT_LOOKED_AT,
        Reason.ROAD_SIGN_NOT_LOOKED_AT,
        Reason.PLATE_PARTY_UNKNOWN,
        Reason.DOCUMENT_PARTY_UNKNOWN,
        Reason.DOCUMENT_SEVERAL,
        Reason.ID_CHECK_WRONG,
        Reason.ID_BIRTH_DIFFERS,
        Reason.DATES_DISORDERED,
        Reason.PAPER_EXPIRED,
        Reason.PAPER_NOT_YET_VALID,
        Reason.ACCIDENT_TIME_UNKNOWN,
        Reason.NOTHING_TO_COMPARE,
        Reason.COMPARISON_INCOMPLETE,
        Reason.PLATE_DIFFERS,
        Reason.PLATE_NOT_AT_SCENE,
        Reason.VIN_DIFFERS,
        Reason.NAME_DIFFERS,
        Reason.DRIVER_NOT_OWNER,
    }
)
