//! What people write about: groups of topics with the sentences of each.

use super::calendar::Season;
use super::grammar::{Grammar, Template};
use super::names::Names;

/// The files in `words`, the most frequent group first.
const GROUPS: [&str; 18] = [
    include_str!("words/topics/01-roads.txt"),
    include_str!("words/topics/02-housing.txt"),
    include_str!("words/topics/03-waste.txt"),
    include_str!("words/topics/04-yards.txt"),
    include_str!("words/topics/05-lighting.txt"),
    include_str!("words/topics/06-transport.txt"),
    include_str!("words/topics/07-health.txt"),
    include_str!("words/topics/08-education.txt"),
    include_str!("words/topics/09-social.txt"),
    include_str!("words/topics/10-ecology.txt"),
    include_str!("words/topics/11-animals.txt"),
    include_str!("words/topics/12-trade.txt"),
    include_str!("words/topics/13-safety.txt"),
    include_str!("words/topics/14-digital.txt"),
    include_str!("words/topics/15-power.txt"),
    include_str!("words/topics/16-land.txt"),
    include_str!("words/topics/17-culture.txt"),
    include_str!("words/topics/18-labour.txt"),
];
/// Sentences that fit every topic.
const STORY: &str = include_str!("words/story.txt");
/// Words that fit into every sentence.
const LISTS: &str = include_str!("words/lists.txt");
/// Parts that rare words are made of.
const RARE: &str = include_str!("words/rare.txt");

/// Topics that one authority answers for.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) id: &'static str,
    /// Sentences that fit all of its topics.
    pub(super) stories: Vec<Template>,
    pub(super) topics: Vec<Topic>,
}

/// A leaf category and what people write of it.
#[derive(Debug)]
pub(super) struct Topic {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) season: Season,
    pub(super) problems: Vec<Template>,
}

/// Everything that a message can be made of.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) grammar: Grammar,
    pub(super) names: Names,
    pub(super) groups: Vec<Group>,
}

impl Vocabulary {
    pub(super) fn read() -> Self {
        let grammar = Grammar::read(&[LISTS, RARE, STORY]);
        let groups = GROUPS.iter().map(|file| group(&grammar, file)).collect();
        Self { grammar, names: Names::read(), groups }
    }

    /// Where the topic of a category is: the numbers of group and topic.
    pub(super) fn find(&self, category: &str) -> Option<(usize, usize)> {
        let all = self.groups.iter().enumerate();
        let mut found = all.filter_map(|(group, it)| {
            it.topics.iter().position(|topic| topic.id == category).map(|topic| (group, topic))
        });
        found.next()
    }
}

/// `# id name` begins a file, `## id season name` a topic; other lines are sentences of the topic, and before the
/// first topic of the whole group.
fn group(grammar: &Grammar, file: &'static str) -> Group {
    let mut group = Group { id: "", stories: Vec::new(), topics: Vec::new() };
    for line in file.lines() {
        if let Some(head) = line.strip_prefix("## ") {
            let (id, rest) = head.split_once(' ').unwrap_or((head, ""));
            let (season, name) = rest.split_once(' ').unwrap_or((rest, id));
            let season = Season::named(season).unwrap_or(Season::Even);
            group.topics.push(Topic { id, name, season, problems: Vec::new() });
        } else if let Some(head) = line.strip_prefix("# ") {
            group.id = head.split_once(' ').map_or(head, |(id, _)| id);
        } else if !line.is_empty() {
            let template = grammar.template(line);
            match group.topics.last_mut() {
                Some(topic) => topic.problems.push(template),
                None => group.stories.push(template),
            }
        }
    }
    group
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_topic_has_sentences_and_an_id_of_its_own() {
        let vocabulary = Vocabulary::read();
        let topics: Vec<&Topic> = vocabulary.groups.iter().flat_map(|group| &group.topics).collect();
        let ids: BTreeSet<&str> = topics.iter().map(|topic| topic.id).collect();
        assert_eq!((topics.len(), ids.len()), (153, 153));
        assert!(topics.iter().all(|topic| !topic.problems.is_empty()));
        assert!(vocabulary.groups.iter().all(|group| group.stories.len() > 1));
        for file in GROUPS {
            for head in file.lines().filter_map(|line| line.strip_prefix("## ")) {
                let season = head.split(' ').nth(1).unwrap();
                assert!(Season::named(season).is_some(), "{head}");
            }
        }
    }

    #[test]
    fn the_demo_city_speaks_of_nothing_unknown() {
        let vocabulary = Vocabulary::read();
        let city: serde_json::Value =
            serde_json::from_str(include_str!("../../local/demo/directory.json")).unwrap();
        for category in city["categories"].as_array().unwrap() {
            let known =
                category["parent"].is_null() || vocabulary.find(category["id"].as_str().unwrap()).is_some();
            assert!(known, "{category}");
        }
    }
}
